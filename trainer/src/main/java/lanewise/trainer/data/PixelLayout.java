package lanewise.trainer.data;

/** How rows of pixels stand in memory while a linear classifier reads them. No bit of a result depends on it. */
public enum PixelLayout {
    /** Block by block whichever is faster: {@link #PATCHES} where enough is zero. */
    AUTO,
    /** Every pixel. */
    DENSE,
    /**
     * Patches of sixteen pixels, without those that are zero in both rows of a pair. Rows of more than 65,536 patches are
     * {@link #DENSE} unless all are zero.
     */
    PATCHES
}
