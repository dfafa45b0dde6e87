package lanewise.trainer.data.source;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Unpacks a gzip file (RFC 1952) of any number of members, and takes nothing else: {@link java.util.zip.GZIPInputStream}
 * keeps quiet about bytes that follow the last member. A file that ends early is an {@link EOFException}, any other
 * damage a {@link ZipException}.
 */
final class GzipStream extends InputStream {
    /** The first two bytes of every member, read as a big-endian short. */
    static final short MAGIC = 0x1f8b;

    private static final int DEFLATE = 8;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private final PackedBytes in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private boolean insideMember;

    GzipStream(InputStream in) {
        this.in = new PackedBytes(in, "the packed data end early");
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (insideMember || nextMember()) {
            int n = inflate(target, offset, length);
            if (n > 0) {
                crc.update(target, offset, n);
                return n;
            }
            if (inflater.finished()) {
                in.putBack(inflater.getRemaining());
                trailer();
            } else if (inflater.needsDictionary()) {
                throw new ZipException("the packed data are corrupt");
            } else {
                in.feed(inflater);
            }
        }
        return -1;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }

    private int inflate(byte[] target, int offset, int length) throws ZipException {
        try {
            return inflater.inflate(target, offset, length);
        } catch (DataFormatException e) {
            throw new ZipException("the packed data are corrupt");
        }
    }

    /** Whether there is another one; reads its header. */
    private boolean nextMember() throws IOException {
        if (in.atEnd()) {
            return false;
        }
        if ((in.next() << 8 | in.next()) != MAGIC) {
            throw new ZipException("something follows the packed data");
        }
        int method = in.next();
        int flags = in.next();
        if (method != DEFLATE || (flags & RESERVED) != 0) {
            throw new ZipException("the gzip header is corrupt");
        }
        in.skip(6);
        if ((flags & EXTRA) != 0) {
            in.skip(in.nextShort());
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC) != 0) {
            in.skip(2);
        }
        inflater.reset();
        crc.reset();
        insideMember = true;
        return true;
    }

    private void trailer() throws IOException {
        insideMember = false;
        if (in.nextInt() != (int) crc.getValue()) {
            throw new ZipException("the checksum is wrong: the file is damaged");
        }
        if (in.nextInt() != (int) inflater.getBytesWritten()) {
            throw new ZipException("the size at the end is wrong: the file is damaged");
        }
    }

    private void skipText() throws IOException {
        int c = in.next();
        while (c != 0) {
            c = in.next();
        }
    }
}
