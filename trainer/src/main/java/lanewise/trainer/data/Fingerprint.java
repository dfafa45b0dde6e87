package lanewise.trainer.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import lanewise.trainer.io.Sha256;

/** The SHA-256 of arrays in IDX form, one behind the other. Each may come in several parts behind its header. */
final class Fingerprint {
    private static final int BYTES = 0x08;
    private static final int INTS = 0x0C;
    private static final int FLOATS = 0x0D;

    private static final int CHUNK = 1 << 14;
    private static final int BYTE_CLASSES = 256;

    private final MessageDigest digest = Sha256.begin();
    private boolean byteLabels;

    /** Begins rows of a form, of which blocks are then added. */
    void begin(RowForm form, int rows) {
        switch (form.kind()) {
            case BYTES, TILES -> addHeader(BYTES, form.shape(rows));
            case FLOATS -> addHeader(FLOATS, form.shape(rows));
            case SPARSE -> addHeader(INTS, rows);
        }
    }

    /** Adds the features of some rows. */
    void add(Dataset block) {
        if (block.holdsSparse()) {
            sparse(block.sparse().orElseThrow());
        } else {
            block.bytes().ifPresentOrElse(digest::update, () -> floats(block.values()));
        }
    }

    /** Of each row how many entries it has, then their columns, then their values. */
    private void sparse(Csr rows) {
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Integer.BYTES);
        for (int row = 0; row < rows.rows(); row++) {
            int from = rows.rowStart()[row];
            int to = rows.rowStart()[row + 1];
            put(bytes, to - from);
            for (int i = from; i < to; i++) {
                put(bytes, rows.columns()[i]);
            }
            for (int i = from; i < to; i++) {
                put(bytes, Float.floatToRawIntBits(rows.values()[i]));
            }
        }
        digest.update(bytes.flip());
    }

    private void put(ByteBuffer bytes, int item) {
        if (!bytes.hasRemaining()) {
            digest.update(bytes.flip());
            bytes.clear();
        }
        bytes.putInt(item);
    }

    /** Begins labels: bytes where the classes are few enough, ints otherwise. */
    void beginLabels(int rows, int classes) {
        byteLabels = classes <= BYTE_CLASSES;
        addHeader(byteLabels ? BYTES : INTS, rows);
    }

    void labels(int[] labels, int count) {
        if (!byteLabels) {
            ints(labels, count);
            return;
        }
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) labels[i];
        }
        digest.update(bytes);
    }

    private void floats(float[] items) {
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES);
        for (int i = 0; i < items.length; i += CHUNK) {
            int count = Math.min(CHUNK, items.length - i);
            bytes.asFloatBuffer().put(items, i, count);
            digest.update(bytes.array(), 0, count * Float.BYTES);
        }
    }

    private void ints(int[] items, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Integer.BYTES);
        for (int i = 0; i < length; i += CHUNK) {
            int count = Math.min(CHUNK, length - i);
            bytes.asIntBuffer().put(items, i, count);
            digest.update(bytes.array(), 0, count * Integer.BYTES);
        }
    }

    /** The 64 hexadecimal digits, after which nothing can be added. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private void addHeader(int type, int... shape) {
        ByteBuffer header = ByteBuffer.allocate(4 + 4 * shape.length).putInt(type << 8 | shape.length);
        for (int size : shape) {
            header.putInt(size);
        }
        digest.update(header.array());
    }
}
