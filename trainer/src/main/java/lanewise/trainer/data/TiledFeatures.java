package lanewise.trainer.data;

import java.util.Optional;
import lanewise.kernels.Workers;

/** Features as bytes that are in the layout of the kernels alone: a block from the disk, to learn or to measure by. */
final class TiledFeatures extends Features {
    private final PixelOrder order;
    private final byte[] tiles;
    private final PixelLayout layout;
    private final PixelRows faster;

    /**
     * Takes pixels in the order of the kernels, as {@link PixelBlock#of} does, and makes patches of them if they are few.
     *
     * @param patches memory for that, with the patches of the first rows or of none
     */
    TiledFeatures(PixelOrder order, byte[] tiles, PixelBlock.PatchBlock patches, int rows, int width, Scaling scaling) {
        super(rows, width, scaling);
        this.order = order;
        this.tiles = tiles;
        this.layout = patches.extendTo(rows, tiles) ? PixelLayout.PATCHES : PixelLayout.DENSE;
        this.faster = layout == PixelLayout.PATCHES ? of(patches) : in(layout);
    }

    private PixelRows of(PixelBlock block) {
        return PixelRows.of(order, scaling.ofBytes(), block);
    }

    private PixelRows in(PixelLayout layout) {
        return of(PixelBlock.of(rows, order.groups(), tiles, layout));
    }

    @Override
    Features subset(int[] chosen) {
        throw forKernelsAlone();
    }

    @Override
    Features scaled(Scaling wanted) {
        requireUnscaled();
        throw forKernelsAlone();
    }

    @Override
    void copyRows(int first, int count, float[] to, int at) {
        throw forKernelsAlone();
    }

    /** They are in the faster layout before they are asked for; any other one is made by the caller alone. */
    @Override
    PixelRows pixelRows(Optional<ImageShape> image, PixelLayout wanted, Workers workers) {
        return wanted == PixelLayout.AUTO || wanted == layout ? faster : in(wanted);
    }

    private static IllegalStateException forKernelsAlone() {
        return new IllegalStateException("the features are in the layout of the kernels alone");
    }
}
