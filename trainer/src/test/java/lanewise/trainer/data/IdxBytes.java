package lanewise.trainer.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Makes the bytes of IDX files, sound and damaged. */
public final class IdxBytes {
    private IdxBytes() {}

    /** A header of any kind and its items. */
    public static byte[] idx(int magic, int[] sizes, byte... items) {
        ByteBuffer bytes =
                ByteBuffer.allocate(4 + 4 * sizes.length + items.length).putInt(magic);
        for (int size : sizes) {
            bytes.putInt(size);
        }
        return bytes.put(items).array();
    }

    /** Images whose pixels count 0, 1, 2 and so on. */
    public static byte[] images(int rows, int height, int width) {
        byte[] pixels = new byte[rows * height * width];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) i;
        }
        return idx(0x00000803, new int[] {rows, height, width}, pixels);
    }

    /** The feature that a pixel becomes. */
    static float scaled(int pixel) {
        return pixel * (1f / 255);
    }

    public static byte[] labels(int... labels) {
        byte[] items = new byte[labels.length];
        for (int i = 0; i < labels.length; i++) {
            items[i] = (byte) labels[i];
        }
        return idx(0x00000801, new int[] {labels.length}, items);
    }

    public static byte[] gzip(byte[] bytes) {
        return gzip(bytes, Deflater.DEFAULT_COMPRESSION);
    }

    public static byte[] gzip(byte[] bytes, int level) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (Packer out = new Packer(packed, level)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static final class Packer extends GZIPOutputStream {
        Packer(OutputStream out, int level) throws IOException {
            super(out);
            def.setLevel(level);
        }
    }

    public static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    public static byte[] with(byte[] bytes, int offset, int value) {
        byte[] changed = bytes.clone();
        changed[offset] = (byte) value;
        return changed;
    }

    /** Four sound files: five images of 2 x 3 to train on, three to test with, of the classes 0, 1 and 2. */
    public static void writeFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("train-images-idx3-ubyte"), images(5, 2, 3));
        Files.write(folder.resolve("train-labels-idx1-ubyte"), labels(0, 1, 2, 1, 0));
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), images(3, 2, 3));
        Files.write(folder.resolve("t10k-labels-idx1-ubyte"), labels(2, 0, 1));
    }
}
