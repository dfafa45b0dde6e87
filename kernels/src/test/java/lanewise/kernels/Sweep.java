package lanewise.kernels;

/** Long sweeps run whole with {@code -Dlanewise.full=true}, and otherwise at a fixed stride that is no multiple of a size. */
public final class Sweep {
    private Sweep() {}

    /** How far apart the cases of a sweep are that are run: 1 in the full run. */
    public static int stride(int usual) {
        return Boolean.getBoolean("lanewise.full") ? 1 : usual;
    }
}
