package lanewise.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import lanewise.kernels.Diagnostics;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DoctorCommandTest {
    @Test
    void tellsWhatItRunsOnAndTestsEveryKernel() {
        Run run = Run.of("doctor", "--json", "-").succeeded();
        JsonNode json = JsonMapper.shared().readTree(run.out());

        assertThat(json.get("java").stringValue()).startsWith(Runtime.version().toString());
        assertThat(json.get("cpu").stringValue()).isNotBlank();
        assertThat(json.get("threads").intValue())
                .isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(json.get("backend").stringValue()).isEqualTo(Diagnostics.backend());
        assertThat(json.get("reason").stringValue()).isEqualTo(Diagnostics.reason());
        assertThat(json.get("vector_bits").intValue()).isEqualTo(Diagnostics.vectorBits());
        assertThat(json.get("fast_fma").booleanValue()).isTrue();
        assertThat(json.get("ceiling_gflops_one_thread").doubleValue()).isPositive();
        assertThat(json.get("self_test").findValuesAsString("kernel"))
                .containsExactlyElementsOf(Diagnostics.selfTest().stream()
                        .map(Diagnostics.Result::name)
                        .toList());
        assertThat(json.get("self_test").findValuesAsString("passed")).containsOnly("true");
        assertThat(json.get("faults").isEmpty()).isTrue();
    }
}
