package lanewise.benchmarks.race;

import lanewise.benchmarks.jmh.Shape;

/** Whether a peer, or another revision, computed what we did: a race between two different things says nothing. */
final class Agreement {
    /** Half the distance from 1 to the next float. */
    private static final double UNIT = 0x1p-24;

    private Agreement() {}

    /**
     * Fails unless two results agree.
     *
     * <p>A sum of k products of numbers up to 1, in any order, is off by at most k² units, and two such sums by twice that.
     * What a sum is added to, a bias or a weight, is one term more; where pixels are not scaled, a term is up to 255.
     * An exponential, at most e here, is off by a few ULP. A softmax of c columns is about 1 / c, so that its error counts as
     * a share of it: a unit for each term of the sum, and 40 for the 20 ULP of the fast exponentials of some libraries, once
     * in the term itself and once in the sum. The gradient of the cross-entropy is a softmax less 1 or 0, over the rows. In a
     * step of training the rows add up such gradients. Weights after an epoch have gone through 600 steps, each with errors
     * of both kinds: 0.001 is a hundredth of what a wrong learning rate, order or scale makes. In a network a unit near zero
     * may be on here and off there, and what follows differs by more: it gets a tenth.
     */
    static void require(Work work, String peer, float[] ours, float[] theirs) {
        Shape shape = work.shape();
        double tolerance = switch (work.kernel()) {
            case "sgemm", "patches-logits" -> sums(shape.size(1));
            case "fused-sgemm-bias-relu" -> sums(shape.size(1) + 1);
            case "sparse-rows-logits" -> sums(shape.size(2) + 1);
            case "fused-sgemm-sgd-step", "sparse-rows-gradient" -> sums(shape.size(0) + 1);
            case "patches-gradient" -> 255 * sums(shape.size(0) + 1);
            case "softmax" -> softmaxes(shape.size(1));
            case "cross-entropy-gradient" -> softmaxes(shape.size(1)) / shape.size(0);
            case "train-step" -> softmaxes(shape.size(2)) + sums(shape.size(0)) / shape.size(0);
            case "exp" -> 16 * UNIT;
            case "epoch-mlp400" -> 1e-2;
            default -> 1e-3;
        };
        boolean ofItself = work.kernel().equals("softmax");
        if (ours.length != theirs.length) {
            throw new IllegalStateException(
                    "%s: %s made %d numbers (expected %d)".formatted(work, peer, theirs.length, ours.length));
        }
        for (int i = 0; i < ours.length; i++) {
            double allowed = ofItself ? tolerance * ours[i] : tolerance;
            if (!(Math.abs(ours[i] - theirs[i]) <= allowed)) {
                throw new IllegalStateException("%s: %s has %s at %d (expected %s within %.1e)"
                        .formatted(work, peer, theirs[i], i, ours[i], allowed));
            }
        }
    }

    private static double sums(int terms) {
        return 2 * Math.pow(terms, 2) * UNIT;
    }

    private static double softmaxes(int cols) {
        return 2 * (cols + 2 * 40) * UNIT;
    }
}
