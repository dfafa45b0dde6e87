package lanewise.benchmarks.scoreboard;

import java.util.ArrayList;
import java.util.List;
import lanewise.benchmarks.race.Work;

/** What the scoreboard measures. */
final class Rows {
    private static final List<String> PRODUCTS = List.of(
            "NN:64x64x64",
            "NN:256x256x256",
            "NN:512x512x512",
            "NN:1024x1024x1024",
            "NN:100x784x10",
            "NN:4096x784x10",
            "NN:100x784x400",
            "TN:784x100x10",
            "TN:784x100x400");

    /** Those that two threads share as well. */
    private static final int SHARED = 6;

    private static final List<String> MORE_PRODUCTS = List.of(
            "NN:2048x2048x2048",
            "NN:100x784x512",
            "NN:4096x784x512",
            "NN:127x127x127",
            "NN:255x255x255",
            "NN:1023x1023x1023",
            "NT:512x512x512",
            "TN:512x512x512",
            "TT:512x512x512",
            "NN:4x4x4",
            "NN:8x8x8",
            "NN:16x16x16",
            "NN:32x32x32");

    private Rows() {}

    /** The rows of the table, in its order. */
    static List<Work> of(boolean full) {
        List<Work> rows = new ArrayList<>();
        add(rows, "sgemm", PRODUCTS, 1);
        add(rows, "sgemm", PRODUCTS.subList(0, SHARED), 2);
        if (full) {
            add(rows, "sgemm", MORE_PRODUCTS, 1);
            add(rows, "sgemm", PRODUCTS.subList(SHARED, PRODUCTS.size()), 2);
            add(rows, "sgemm", MORE_PRODUCTS.subList(0, 3), 2);
        }
        add(rows, "softmax", List.of("60000x10", "4096x1000"), 1);
        if (full) {
            add(rows, "softmax", List.of("128x32000"), 1);
        }
        add(rows, "exp", List.of("4096"), 1);
        for (String kernel : List.of("epoch-softmax", "epoch-softmax-patches", "epoch-mlp400")) {
            if (full || !kernel.equals("epoch-mlp400")) {
                add(rows, kernel, List.of("60000x784x10"), 1);
            }
            if (full) {
                add(rows, kernel, List.of("60000x784x10"), 2);
            }
        }
        return rows;
    }

    /** Whether the default run has a product, such as {@code NN:64x64x64}. */
    static boolean isUsual(String product) {
        return PRODUCTS.contains(product);
    }

    private static void add(List<Work> rows, String kernel, List<String> shapes, int threads) {
        shapes.forEach(shape -> rows.add(Work.parse(kernel + " " + shape + " " + threads)));
    }
}
