/**
 * What must hold on the lab, a class each: a scenario acts as an application, an operator or a fault would, and measures
 * what an application sees. Uses the lab, the parts' command lines and status pages; knows nothing of their code.
 */
@NullMarked
package dev.sluice.lab.scenario;

import org.jspecify.annotations.NullMarked;
