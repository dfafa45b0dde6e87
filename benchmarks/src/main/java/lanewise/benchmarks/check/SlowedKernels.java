package lanewise.benchmarks.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import lanewise.benchmarks.Failure;

/**
 * The slowed backend of {@code src/slowed}, a class of the same name as the real one. It is no part of any jar: it is
 * compiled when the check is to be proved, and put before the real one on the class path.
 */
final class SlowedKernels {
    private SlowedKernels() {}

    /** Compiles it; the folder of its classes. */
    static Path compile(Path benchmarks) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new Failure(Failure.FAILED, "prove-check needs a JDK: this JVM has no compiler");
        }
        Path classes = benchmarks.resolve("target/slowed");
        try {
            Files.createDirectories(classes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int status = compiler.run(
                null,
                null,
                null,
                "-proc:none",
                "-nowarn",
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                benchmarks
                        .resolve("src/slowed/java/lanewise/kernels/simd/SimdBackend.java")
                        .toString());
        if (status != 0) {
            throw new Failure(Failure.FAILED, "the slowed backend does not compile");
        }
        return classes;
    }
}
