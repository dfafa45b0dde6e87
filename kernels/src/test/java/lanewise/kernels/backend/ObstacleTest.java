package lanewise.kernels.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

/** The rungs of the ladder that no JVM at hand stands on. */
class ObstacleTest {
    @Test
    void hotSpotWithTheModuleHasNone() {
        assertThat(Backend.obstacle(jvm("OpenJDK 64-Bit Server VM", "17.0.15+6", "17", "mixed mode, sharing"), null))
                .isNull();
        assertThat(Backend.obstacle(jvm("Java HotSpot(TM) 64-Bit Server VM", "25.0.3+9", "25", "mixed mode"), null))
                .isNull();
    }

    @Test
    void anotherJvm() {
        assertThat(Backend.obstacle(jvm("Eclipse OpenJ9 VM", "openj9-0.50.0", "17", "JRE 17 Linux amd64-64-Bit"), null))
                .isEqualTo("the JVM is Eclipse OpenJ9 VM, not HotSpot");
    }

    @Test
    void graalBefore25() {
        String name = "OpenJDK 64-Bit Server VM";
        assertThat(Backend.obstacle(jvm(name, "21.0.1+12-jvmci-23.1-b19", "21", "mixed mode, sharing"), null))
                .isEqualTo("the compiler is Graal, which knows the Vector API from 25 on");
        assertThat(Backend.obstacle(jvm(name, "25+37-jvmci-b01", "25", "mixed mode, sharing"), null))
                .isNull();
    }

    @Test
    void aLowerRungIsNotReached() {
        assertThat(Backend.obstacle(
                        jvm("OpenJDK 64-Bit Server VM", "17.0.15+6", "17", "interpreted mode"), "no module"))
                .isEqualTo("the optimising compiler is off (interpreted mode)");
    }

    private static Properties jvm(String name, String version, String specification, String mode) {
        Properties jvm = new Properties();
        jvm.setProperty("java.vm.name", name);
        jvm.setProperty("java.vm.version", version);
        jvm.setProperty("java.specification.version", specification);
        jvm.setProperty("java.vm.info", mode);
        return jvm;
    }
}
