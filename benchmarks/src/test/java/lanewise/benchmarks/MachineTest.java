package lanewise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTest {
    /** Baselines are named after it. */
    @Test
    void processorsOfOneNameDifferByFamilyAndModel() {
        List<String> cpuinfo = List.of(
                "vendor_id\t: AuthenticAMD",
                "cpu family\t: 26",
                "model\t\t: 2",
                "model name\t: AMD EPYC",
                "stepping\t: 1");
        assertThat(Machine.cpuModel("amd64", cpuinfo)).isEqualTo("AMD EPYC family 26 model 2");
        assertThat(Machine.describe()).startsWith(Machine.cpuModel() + ", ");
    }

    @Test
    void processorsWithoutANameDifferByImplementerAndPart() {
        List<String> cpuinfo = List.of(
                "processor\t: 0",
                "CPU implementer\t: 0x41",
                "CPU architecture: 8",
                "CPU part\t: 0xd0c",
                "processor\t: 1",
                "CPU part\t: 0xd40");
        assertThat(Machine.cpuModel("aarch64", cpuinfo)).isEqualTo("aarch64 implementer 0x41 part 0xd0c");
        assertThat(Machine.cpuModel("aarch64", List.of())).isEqualTo("aarch64");
    }
}
