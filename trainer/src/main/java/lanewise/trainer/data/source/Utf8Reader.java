package lanewise.trainer.data.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Text in UTF-8, with or without a byte order mark, and nothing else. */
public final class Utf8Reader extends Reader {
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private final InputStream in;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).limit(0);

    /** How many bytes came before those of the buffer. */
    private long offset;

    private boolean started;
    private boolean ended;

    /**
     * Reads bytes as text.
     *
     * @param in the bytes, which {@link #close} closes
     */
    public Utf8Reader(InputStream in) {
        this.in = in;
    }

    /** A byte that is not UTF-8. */
    static final class NotUtf8 extends IOException {
        private static final long serialVersionUID = 1L;

        /** Where it is in the unpacked content. */
        private final long offset;

        private final int value;

        private NotUtf8(long offset, int value) {
            this.offset = offset;
            this.value = value;
        }

        long offset() {
            return offset;
        }

        int value() {
            return value;
        }
    }

    @Override
    public int read(char[] target, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        CharBuffer chars = CharBuffer.wrap(target, from, length).slice();
        while (true) {
            CoderResult result = decoder.decode(bytes, chars, ended);
            if (result.isError()) {
                throw new NotUtf8(offset + bytes.position(), bytes.get(bytes.position()) & 0xff);
            }
            if (!started && chars.position() > 0) {
                started = true;
                if (target[from] == BYTE_ORDER_MARK) {
                    System.arraycopy(target, from + 1, target, from, chars.position() - 1);
                    chars.position(chars.position() - 1);
                }
            }
            if (chars.position() > 0) {
                return chars.position();
            }
            if (result.isOverflow()) {
                throw new IllegalArgumentException("no room for a pair of surrogates");
            }
            if (ended) {
                return -1;
            }
            fill();
        }
    }

    private void fill() throws IOException {
        offset += bytes.position();
        bytes.compact();
        int n = in.read(bytes.array(), bytes.position(), bytes.remaining());
        ended = n < 0;
        bytes.position(bytes.position() + Math.max(0, n)).flip();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
