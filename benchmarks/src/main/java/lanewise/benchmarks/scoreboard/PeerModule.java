package lanewise.benchmarks.scoreboard;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lanewise.benchmarks.Checkout;
import lanewise.benchmarks.Child;
import lanewise.benchmarks.Freshness;
import lanewise.benchmarks.Tools;

/** The module of the peers: built, and its libraries fetched, when it is first asked for. */
final class PeerModule {
    /**
     * How soon the idle threads of OpenBLAS, MKL and libgomp sleep: after some 20 microseconds, and MKL's after the
     * shortest time it knows but none, a millisecond. They would poll for 20 to 200, on the cores on which the other
     * contender has its turn. With none MKL would wake them in every call.
     */
    private static final Map<String, String> SLEEP_WHEN_IDLE =
            Map.of("OPENBLAS_THREAD_TIMEOUT", "16", "KMP_BLOCKTIME", "1", "GOMP_SPINCOUNT", "1000");

    /**
     * The C library keeps what a peer frees. PyTorch makes a new array for each result, and to have 16 MB of fresh pages from
     * the system takes up to 25 times as long as the softmax that fills them, in some processes and not in others. glibc
     * before 2.35 takes no higher threshold than 32 MB, and to set the other alone fixes this one at 128 KB.
     */
    private static final Map<String, String> KEEPS_MEMORY =
            Map.of("MALLOC_MMAP_THRESHOLD_", "33554432", "MALLOC_TRIM_THRESHOLD_", "2147483648");

    private PeerModule() {}

    /** A JVM that can race against them. */
    static Child child(int threads) {
        Child child = new Child().behind(classPath());
        if (Runtime.version().feature() >= 22) {
            child.flags(List.of("--enable-native-access=ALL-UNNAMED"));
        }
        String count = Integer.toString(threads);
        for (String variable : List.of("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")) {
            child.environment(Map.of(variable, count));
        }
        child.environment(SLEEP_WHEN_IDLE);
        child.environment(KEEPS_MEMORY);
        return child;
    }

    /** Its classes and its libraries, without those of Lanewise, which the benchmarks have already. */
    private static String classPath() {
        Path module = Checkout.root().resolve("peers");
        Path list = module.resolve("target/classpath.txt");
        try {
            if (isStale(module, list)) {
                System.err.println("note: building the peers; on first use this fetches some 300 MB of libraries");
                // Maven leaves a list alone that has not changed, and its time tells when the peers were built.
                Files.deleteIfExists(list);
                Tools.maven(
                        Checkout.root(),
                        "-q",
                        "-f",
                        module.resolve("pom.xml").toString(),
                        "package",
                        "-DskipTests",
                        "dependency:build-classpath",
                        "-Dmdep.includeScope=runtime",
                        "-Dmdep.outputFile=" + list);
            }
            List<String> entries =
                    new ArrayList<>(List.of(module.resolve("target/classes").toString()));
            Stream.of(Files.readString(list).strip().split(File.pathSeparator))
                    .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("lanewise-"))
                    .forEach(entries::add);
            return entries.stream().collect(Collectors.joining(File.pathSeparator));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isStale(Path module, Path list) throws IOException {
        return !Files.exists(list)
                || !Files.isDirectory(module.resolve("target/classes"))
                || Freshness.newest(list).compareTo(Freshness.newest(module.resolve("src"))) < 0
                || Freshness.newest(list).compareTo(Freshness.newest(module.resolve("pom.xml"))) < 0;
    }
}
