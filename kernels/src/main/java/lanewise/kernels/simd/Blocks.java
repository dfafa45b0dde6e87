package lanewise.kernels.simd;

/**
 * The block sizes of sgemm, one table. No bit of a result depends on them.
 *
 * <pre>
 *            NR = WIDE vectors                registers      MR x NR accumulators + WIDE of B + 1 of A
 *          +---+---+---+                      L1             a tile of A, MR x KC, while a strip of B goes by
 *       KC | B |   |   |  packed strips       L2             a strip of B, KC x NR, and a block of A of A_FLOATS
 *          +---+---+---+                      L3             a panel of B of B_FLOATS
 *    KC      NR
 *  +----+  +---+---+---+
 *  | A  |  | C |   |   |  MR rows a tile
 *  +----+  +---+---+---+
 * </pre>
 *
 * <p>Each can be overridden for experiments: {@code -Dlanewise.sgemm.kc=512}, {@code a}, {@code b}, {@code packA}, {@code
 * packB}.
 */
final class Blocks {
    /** Rows of a tile. With few of them a step of k broadcasts few elements of A for its FMAs. */
    static final int MR = 6;

    /** Whether there are 16 registers (AVX2) and not 32 (AVX-512, AArch64). */
    static final boolean FEW_REGISTERS = Species.REGISTERS < 32;

    /** Vectors of a tile: 24 accumulators fit 32 registers, 12 fit 16. */
    static final int WIDE = FEW_REGISTERS ? 2 : 4;

    /**
     * Whether the dense tiles of few registers are those of {@link SgemmTile16}. JDK 17 has them keep accumulators in memory,
     * and not the tiles whose distances are variables; that of listed steps is good on both.
     */
    static final boolean TILE16 = FEW_REGISTERS && !Species.JDK_17;

    /** Columns of a tile and of a packed strip of B. */
    static final int NR = WIDE * Species.LANES;

    /** Most steps of k that a tile takes at once: MR x KC floats are 24 KB, which leaves L1 room for the strip going by. */
    static final int KC = Integer.getInteger("lanewise.sgemm.kc", 1024);

    /** Floats of A that strips of B go by while they are in L2: 384 KB, or 192 since with AVX2 an L2 has but 256 or 512. */
    static final int A_FLOATS = Integer.getInteger("lanewise.sgemm.a", FEW_REGISTERS ? 48 << 10 : 96 << 10);

    /** Floats of B packed at once: 2 MB. */
    static final int B_FLOATS = Integer.getInteger("lanewise.sgemm.b", 512 << 10);

    /** Floats of B that are read where they stand: 16 KB, which stay in L1 beside a tile of A. */
    static final int RESIDENT = 64 * 64;

    /** From this many rows of C on, packing more of B repays itself even where it could be read as it stands. */
    static final int PACK_B_FROM_ROWS = Integer.getInteger("lanewise.sgemm.packB", 24);

    /**
     * Where op(A) is a transpose, each step of k is in a line of its own; more of them than this do not stay in L1. The tile
     * for few registers takes packed panels alone.
     */
    static final int PACK_A_FROM_STEPS = FEW_REGISTERS ? 0 : Integer.getInteger("lanewise.sgemm.packA", 128);

    /**
     * From this many steps of k on, a C wider than one vector and narrower than two is computed as two: strips of one would
     * read A twice. It takes 0.88 of the time at 64 steps and 0.73 at 784.
     */
    static final int WIDEN_FROM_STEPS = 64;

    /** Floats between packed rows of A, so that they do not all fall into one set of L1. */
    static final int APART = 16;

    /** Rows of a narrow C with a transposed A at a time: 16 columns of them are 16 KB, half of an L1. */
    static final int NARROW_ROWS = 256;

    /** Steps of k for which alpha is multiplied to as many columns of A at a time: 128 KB, which stay in L2. */
    static final int NARROW_STEPS = 128;

    /** Multiply-adds that one thread does, in 10 microseconds, before another has even fetched what it needs of B. */
    static final int WORTH_SHARING = 1 << 20;

    /** The same of products that are computed as dots, half as fast. */
    static final int WORTH_SHARING_DOTS = WORTH_SHARING / 2;

    private Blocks() {}
}
