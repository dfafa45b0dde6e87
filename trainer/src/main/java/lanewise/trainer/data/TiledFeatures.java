package lanewise.trainer.data;

import java.util.Optional;
import lanewise.kernels.Workers;

/** Features as bytes that are in the layout of the kernels alone: a block from the disk, to learn or to measure by. */
final class TiledFeatures extends Features {
    private final PixelRows tiles;

    TiledFeatures(PixelRows tiles, int rows, int width, Scaling scaling) {
        super(rows, width, scaling);
        this.tiles = tiles;
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

    /** They come in the one layout that needs no work, whichever is wanted. */
    @Override
    PixelRows pixelRows(Optional<ImageShape> image, PixelLayout layout, Workers workers) {
        return tiles;
    }

    @Override
    void addTo(Fingerprint fingerprint, Optional<ImageShape> image) {
        throw forKernelsAlone();
    }

    private static IllegalStateException forKernelsAlone() {
        return new IllegalStateException("the features are in the layout of the kernels alone");
    }
}
