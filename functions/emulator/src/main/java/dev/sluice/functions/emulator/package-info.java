/** What calls functions, as hard as AWS: Lambda's Runtime API, HTTP and WebSocket APIs, schedules. */
@NullMarked
package dev.sluice.functions.emulator;

import org.jspecify.annotations.NullMarked;
