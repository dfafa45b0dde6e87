package lanewise.trainer.data;

import java.util.stream.IntStream;

/** Pixels as unsigned bytes, and as floats in 0..1. */
final class Pixels {
    private static final int CHUNK = 1 << 20;
    private static final float[] SCALED = new float[256];

    static {
        for (int i = 0; i < SCALED.length; i++) {
            SCALED[i] = i / 255f;
        }
    }

    private Pixels() {}

    /** Sets each value to its pixel divided by 255, on all cores. */
    static void scale(byte[] pixels, float[] values) {
        int chunks = (pixels.length + CHUNK - 1) / CHUNK;
        IntStream.range(0, chunks).parallel().forEach(chunk -> {
            int from = chunk * CHUNK;
            scale(pixels, values, from, Math.min(pixels.length - from, CHUNK));
        });
    }

    /** A table look-up: JDK 17 compiles the conversion from bytes to floats to one at a time. */
    private static void scale(byte[] pixels, float[] values, int from, int n) {
        for (int i = from; i < from + n; i++) {
            values[i] = SCALED[pixels[i] & 0xff];
        }
    }
}
