package dev.sluice.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineTest {
    @Test
    void shouldKnowTheMachineItRunsOn() {
        Machine machine = Machine.current("./sluice bench micro");

        assertThat(machine.processor()).isNotBlank();
        assertThat(machine.memory()).matches("\\d+ GiB");
        assertThat(machine.kernel()).startsWith("Linux ");
        assertThat(machine.fields()).containsEntry("command", "./sluice bench micro");
    }
}
