package lanewise.trainer.data;

import java.util.Optional;
import lanewise.kernels.Pixels;
import lanewise.kernels.Workers;

/** Features as unsigned bytes, row-major and without gaps, as they came: they are scaled when they are widened to floats. */
final class ByteFeatures extends Features {
    private final byte[] bytes;

    ByteFeatures(byte[] bytes, int rows, int width, Scaling scaling) {
        super(rows, width, scaling);
        requireLength(bytes.length);
        this.bytes = bytes;
    }

    @Override
    Features subset(int[] chosen) {
        byte[] some = new byte[length(chosen.length)];
        for (int i = 0; i < chosen.length; i++) {
            System.arraycopy(bytes, chosen[i] * width, some, i * width, width);
        }
        return new ByteFeatures(some, chosen.length, width, scaling);
    }

    /** Bytes stay bytes unless each feature has a scaling of its own. */
    @Override
    Features scaled(Scaling wanted) {
        if (!wanted.isFitted()) {
            return new ByteFeatures(bytes, rows, width, wanted);
        }
        float[] scaled = new float[bytes.length];
        Pixels.widen(bytes.length, bytes, 0, 1, scaled, 0);
        wanted.apply(scaled, 0, rows, width);
        return new FloatFeatures(scaled, rows, width, wanted);
    }

    @Override
    void copyRows(int first, int count, float[] to, int at) {
        Pixels.widen(count * width, bytes, first * width, scaling.ofBytes(), to, at);
    }

    @Override
    Optional<byte[]> bytes() {
        return Optional.of(bytes);
    }

    @Override
    PixelRows pixelRows(Optional<ImageShape> image, PixelLayout layout, Workers workers) {
        return PixelRows.of(bytes, rows, width, image, scaling.ofBytes(), layout, workers);
    }
}
