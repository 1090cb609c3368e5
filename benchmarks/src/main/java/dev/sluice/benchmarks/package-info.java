/**
 * What Sluice claims about its speed, as commands: kernels by JMH, allocation of the cores in memory, throughput
 * through the lab. Each prints a table and records it with the machine, the JDK, the kernel, the date and the command.
 */
@NullMarked
package dev.sluice.benchmarks;

import org.jspecify.annotations.NullMarked;
