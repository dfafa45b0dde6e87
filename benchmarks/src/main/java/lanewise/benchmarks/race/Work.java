package lanewise.benchmarks.race;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import lanewise.benchmarks.jmh.Shape;

/**
 * What one row of the scoreboard does.
 *
 * @param kernel {@code sgemm}, {@code softmax}, {@code exp}, {@code epoch-softmax}, {@code epoch-softmax-patches} or
 *     {@code epoch-mlp400}; in a race against a peer any kernel of {@link Ours}
 * @param shape its sizes: MxKxN and the transposes for a product, rows x columns for softmax, elements for exp, rows x
 *     pixels x classes for an epoch
 * @param threads how many threads share it
 */
public record Work(String kernel, Shape shape, int threads) {
    /** FMAs and other operations of the exponential function's text, an FMA counted as two. */
    private static final int EXP_FLOPS = 25;

    /** Softmax adds the maximum, the difference, the sum and the quotient. */
    private static final int SOFTMAX_FLOPS = EXP_FLOPS + 4;

    private static final int HIDDEN = 400;

    /**
     * What to tell a class that does some works.
     *
     * @param others its other arguments
     * @param works what to do
     * @return the works as {@link #toString()} writes them, behind the others
     */
    public static List<String> behind(List<String> others, Collection<Work> works) {
        return Stream.concat(others.stream(), works.stream().map(Work::toString))
                .toList();
    }

    /**
     * Reads what {@link #toString()} writes.
     *
     * @param text kernel, shape and threads, separated by a blank
     * @return the work
     */
    public static Work parse(String text) {
        String[] parts = text.split(" ");
        return new Work(parts[0], Shape.parse(parts[1]), Integer.parseInt(parts[2]));
    }

    /**
     * The floating-point operations of one run, an FMA counted as two. Of a training epoch those of its matrix products,
     * zeros included: what is skipped counts as done.
     *
     * @return a positive number
     */
    public double flops() {
        return switch (kernel) {
            case "sgemm" -> 2 * shape.volume();
            case "exp" -> EXP_FLOPS * shape.volume();
            case "softmax" -> SOFTMAX_FLOPS * shape.volume();
            case "epoch-softmax", "epoch-softmax-patches" -> 4 * shape.volume();
            case "epoch-mlp400" -> shape.size(0) * (4.0 * shape.size(1) * HIDDEN + 6.0 * HIDDEN * shape.size(2));
            default -> throw new IllegalArgumentException("no such kernel: " + kernel);
        };
    }

    /**
     * Whether memory limits it, not arithmetic: exp and softmax read and write every element once.
     *
     * @return true for exp and softmax
     */
    public boolean limitedByMemory() {
        return kernel.equals("exp") || kernel.equals("softmax");
    }

    /**
     * The bytes of the operands that one run reads or writes.
     *
     * @return 8 an element for what {@link #limitedByMemory()}, 0 for anything else
     */
    public double bytes() {
        return limitedByMemory() ? 8 * shape.volume() : 0;
    }

    @Override
    public String toString() {
        return kernel + " " + shape + " " + threads;
    }
}
