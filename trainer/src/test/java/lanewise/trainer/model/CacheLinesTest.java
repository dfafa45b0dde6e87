package lanewise.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lanewise.kernels.Workers;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.ImageShape;
import lanewise.trainer.data.PixelLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheLinesTest {
    /** Heaps whose share is a power of two, and others, whose regions are the next one. */
    @ParameterizedTest
    @ValueSource(strings = {"300m", "2g", "3000m", "4g", "6000m", "9g"})
    void regionsAreThatLarge(String heap) throws Exception {
        String flags = flags(heap);
        assertThat(CacheLines.region(flag("MaxHeapSize", flags))).isEqualTo(flag("G1HeapRegionSize", flags));
    }

    @Test
    void arraysHaveRegionsOfTheirOwnHoweverFewFloatsAreWanted() {
        long half = CacheLines.region(Runtime.getRuntime().maxMemory()) / 2;
        assertThat(4L * CacheLines.zeros(1).length).isGreaterThanOrEqualTo(half);
        assertThat(CacheLines.zeros(half)).hasSize(Math.toIntExact(CacheLines.START + half));
    }

    @Test
    void aFeatureAndAStretchBeginALineWhereTheArrayDoes() {
        int header = 16;
        assertThat((header + Float.BYTES * CacheLines.START) % 64).isZero();
        SparseLayer sparse = new SparseLayer(Model.zeros(new Architecture(1_000, List.of(), 10, true)));
        assertThat(sparse.at(0)).isEqualTo(CacheLines.START);
        assertThat(Float.BYTES * (sparse.at(7) - sparse.at(0)) % 64).isZero();
        Dataset images = Dataset.ofPixels(new byte[35], 1, new ImageShape(5, 7), new int[1], 3);
        PixelLayer pixels = new PixelLayer(
                Model.zeros(new Architecture(35, List.of(), 3, true)),
                images.pixelRows(PixelLayout.AUTO, Workers.serial()),
                2);
        assertThat(pixels.at(0)).isEqualTo(CacheLines.START);
        assertThat(Float.BYTES * (pixels.at(1) - pixels.at(0)) % 64).isZero();
    }

    private static long flag(String name, String flags) {
        Matcher matcher = Pattern.compile(name + "\\s+=\\s+(\\d+)").matcher(flags);
        assertThat(matcher.find()).as(name + " in " + flags).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private static String flags(String heap) throws Exception {
        ProcessBuilder java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseG1GC",
                "-Xmx" + heap,
                "-XX:+PrintFlagsFinal",
                "-version");
        java.environment().remove("JDK_JAVA_OPTIONS");
        java.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = java.redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
