package lanewise.trainer.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Optional;
import lanewise.kernels.Pixels;

/**
 * The order in which the kernels read the pixels of a row: in patches of 4 x 4 where the sides of an image divide by 4, since
 * what is background is so in two directions, and else in runs of sixteen. A row is padded with zeros to whole pairs of
 * groups.
 */
final class PixelOrder {
    private static final int SIDE = 4;
    private static final VarHandle FOUR = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final int features;
    private final int width;
    private final boolean patches;
    private final int groups;

    PixelOrder(int features, Optional<ImageShape> image) {
        this.features = features;
        this.width = image.map(ImageShape::width).orElse(features);
        this.patches = image.isPresent() && width % SIDE == 0 && image.get().height() % SIDE == 0;
        this.groups = 2 * ((features - 1) / (2 * Pixels.GROUP) + 1);
    }

    /** The groups of a row, an even number. */
    int groups() {
        return groups;
    }

    /** The groups that hold pixels; those behind them are padding. */
    int usedGroups() {
        return (features - 1) / Pixels.GROUP + 1;
    }

    /** Where a feature stands in a row. */
    int position(int feature) {
        if (!patches) {
            return feature;
        }
        int y = feature / width;
        int x = feature % width;
        int patch = y / SIDE * (width / SIDE) + x / SIDE;
        return patch * Pixels.GROUP + y % SIDE * SIDE + x % SIDE;
    }

    /** Copies a row into this order; what pads it stays as it is. */
    void copy(byte[] from, int fromAt, byte[] to, int toAt) {
        if (!patches) {
            System.arraycopy(from, fromAt, to, toAt, features);
            return;
        }
        int at = toAt;
        for (int y = 0; y < features / width; y += SIDE) {
            for (int x = fromAt + y * width; x < fromAt + (y + 1) * width; x += SIDE) {
                for (int row = x; row < x + SIDE * width; row += width) {
                    FOUR.set(to, at, (int) FOUR.get(from, row));
                    at += SIDE;
                }
            }
        }
    }
}
