package lanewise.benchmarks.race;

/** Whether a peer computed what we did: a race between two different things says nothing. */
final class Agreement {
    /** Half the distance from 1 to the next float. */
    private static final double UNIT = 0x1p-24;

    private Agreement() {}

    /**
     * Fails unless two results agree.
     *
     * <p>A sum of k products of numbers up to 1, in any order, is off by at most k² units, and two such sums by twice that.
     * An exponential, at most e here, is off by a few ULP. A softmax of c columns is about 1 / c, so that its error counts as
     * a share of it: a unit for each term of the sum, and 40 for the 20 ULP of the fast exponentials of some libraries, once
     * in the term itself and once in the sum. Weights after an epoch have gone through 600 steps, each with errors of both
     * kinds: 0.001 is a hundredth of what a wrong learning rate, order or scale makes. In a network a unit near zero may be on
     * here and off there, and what follows differs by more: it gets a tenth.
     */
    static void require(Work work, String peer, float[] ours, float[] theirs) {
        double tolerance = switch (work.kernel()) {
            case "sgemm" -> 2 * Math.pow(work.shape().size(1), 2) * UNIT;
            case "softmax" -> 2 * (work.shape().size(1) + 2 * 40) * UNIT;
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
}
