package dev.sluice.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessUseTest {
    private static final String OUTPUT = """
            12 (java (old)) S 1 12 12 0 -1 4194560 8 0 0 0 150 50 0 0 20 0 1 0 7 0 0
            13 (wireguard-go) S 1 13 13 0 -1 4194560 8 0 0 0 7 3 0 0 20 0 1 0 7 0 0
            VmRSS:\t  102400 kB
            VmRSS:\t   51200 kB
            "loop" #3 [12] prio=5 os_prio=0 cpu=501.77ms elapsed=4.39s allocated=2K defined_classes=1 tid=0x0
            "main" #1 [11] prio=5 os_prio=0 cpu=501.77ms elapsed=4.39s allocated=64B defined_classes=1 tid=0x0
            """;

    @Test
    void shouldAddUpWhatProcessesUsed() {
        ProcessUse use = ProcessUse.parse(OUTPUT);

        assertThat(use.cpuSeconds()).isEqualTo(2.1);
        assertThat(use.residentMebibytes()).isEqualTo(150);
        assertThat(use.allocatedBytes()).isEqualTo(2048 + 64);
    }

    @Test
    void shouldAskForEveryProcess() {
        assertThat(ProcessUse.script(List.of(1L, 2L))).contains("cat /proc/1/stat /proc/2/stat");
        assertThat(ProcessUse.allocationScript(List.of(1L, 2L))).contains("jcmd 1 ", "jcmd 2 ");
    }
}
