package lanewise.trainer.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Goes through the members of a zip archive in the order of the file, and takes nothing that is not sound: the directory
 * at the end must say the same as what stands in front of the members, and nothing may stand between or behind them. No
 * size is believed: a member ends where its packed data do, and is checked against its checksum there. An archive that ends
 * early is an {@link EOFException}, any other damage a {@link ZipException}.
 *
 * <p>{@link java.util.zip.ZipInputStream} does not look at the directory, and {@link java.util.zip.ZipFile} does not read
 * streams.
 */
final class ZipStream implements AutoCloseable {
    /** The first four bytes of an archive with members, read as a big-endian int. */
    static final int MAGIC = 0x504b0304;

    private static final int MEMBER = 0x04034b50;
    private static final int DIRECTORY = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int LARGE_END = 0x06064b50;
    private static final int LARGE_END_LOCATOR = 0x07064b50;
    private static final int DESCRIPTOR = 0x08074b50;

    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int ENCRYPTED = 1;
    private static final int SIZES_BEHIND = 8;
    private static final int LARGE_SIZES = 1;
    private static final long UNKNOWN = 0xffffffffL;

    private static final int MOST_MEMBERS = 1_000;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;

    /** How many bytes came before those of the buffer. */
    private long offset;

    private final Inflater inflater = new Inflater(true);
    private final List<Member> members = new ArrayList<>();
    private Member current;

    ZipStream(InputStream in) {
        this.in = in;
    }

    /**
     * The name of the next member, which {@link #content} then gives; what is left of the one before is skipped.
     *
     * @return null if there is no further one and the archive is sound
     */
    String next() throws IOException {
        if (current != null) {
            current.skip();
            current = null;
        }
        long start = offset + position;
        int signature = nextInt();
        if (signature == MEMBER) {
            current = new Member(start);
            if (members.size() == MOST_MEMBERS) {
                throw new ZipException("more than " + MOST_MEMBERS + " members");
            }
            if (members.stream().anyMatch(member -> member.name.equals(current.name))) {
                throw new ZipException("two members are called " + current.name);
            }
            members.add(current);
            return current.name;
        }
        directory(start, signature);
        return null;
    }

    /** The unpacked bytes of the member; their end is reached only if they are sound. */
    InputStream content() {
        return current;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }

    /** A member, from what stands in front of it on. */
    private final class Member extends InputStream {
        private final long start;
        private final String name;
        private final int method;
        private final boolean sizesBehind;
        private boolean large;
        private int crc;
        private long packedSize;
        private long size;

        private final CRC32 crcSoFar = new CRC32();
        private long packedSoFar;
        private long sizeSoFar;
        private boolean ended;

        Member(long start) throws IOException {
            this.start = start;
            nextShort();
            int flags = nextShort();
            this.method = nextShort();
            nextInt();
            this.crc = nextInt();
            this.packedSize = nextUnsigned();
            this.size = nextUnsigned();
            int nameLength = nextShort();
            int extraLength = nextShort();
            this.name = text(nameLength);
            if ((flags & ENCRYPTED) != 0) {
                throw new ZipException("member " + name + " is encrypted");
            }
            if (method != STORED && method != DEFLATED) {
                throw new ZipException("member " + name + " is packed by method " + method + ", which is not read");
            }
            ByteBuffer extra = largeSizes(extraLength);
            this.large = extra != null;
            if (size == UNKNOWN && large) {
                size = nextLong(extra);
            }
            if (packedSize == UNKNOWN && large) {
                packedSize = nextLong(extra);
            }
            this.sizesBehind = (flags & SIZES_BEHIND) != 0;
            if (method == STORED && (sizesBehind || packedSize != size)) {
                throw new ZipException("member " + name + " is stored under a false size");
            }
            inflater.reset();
        }

        @Override
        public int read(byte[] target, int at, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (!ended) {
                int n = method == STORED ? readStored(target, at, length) : inflate(target, at, length);
                if (n > 0) {
                    crcSoFar.update(target, at, n);
                    sizeSoFar += n;
                    return n;
                }
            }
            return -1;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        private int readStored(byte[] target, int at, int length) throws IOException {
            if (packedSoFar == packedSize) {
                end();
                return 0;
            }
            int n = (int) Math.min(length, packedSize - packedSoFar);
            if (position < limit) {
                n = Math.min(n, limit - position);
                System.arraycopy(buffer, position, target, at, n);
                position += n;
            } else {
                // Past the buffer, which would only slow it down.
                n = in.read(target, at, n);
                if (n < 0) {
                    throw new EOFException();
                }
                offset += n;
            }
            packedSoFar += n;
            return n;
        }

        private int inflate(byte[] target, int at, int length) throws IOException {
            try {
                int n = inflater.inflate(target, at, length);
                if (n > 0) {
                    return n;
                }
            } catch (DataFormatException e) {
                throw new ZipException("member " + name + " is corrupt");
            }
            if (inflater.finished()) {
                int left = inflater.getRemaining();
                position -= left;
                packedSoFar -= left;
                end();
            } else if (inflater.needsDictionary()) {
                throw new ZipException("member " + name + " is corrupt");
            } else {
                if (position == limit) {
                    fill();
                }
                inflater.setInput(buffer, position, limit - position);
                packedSoFar += limit - position;
                position = limit;
            }
            return 0;
        }

        private void end() throws IOException {
            ended = true;
            if (sizesBehind) {
                crc = nextInt();
                if (crc == DESCRIPTOR) {
                    crc = nextInt();
                }
                packedSize = large ? nextLong() : nextUnsigned();
                size = large ? nextLong() : nextUnsigned();
            }
            if (crc != (int) crcSoFar.getValue()) {
                throw new ZipException("the checksum of member " + name + " is wrong: the file is damaged");
            }
            if (packedSize != packedSoFar || size != sizeSoFar) {
                throw new ZipException("member " + name + " is not of the size it claims");
            }
        }

        /** Leaves what is left of the member; what nobody reads need not be unpacked if its end is known. */
        void skip() throws IOException {
            if (!ended && packedSoFar == 0 && !sizesBehind) {
                ZipStream.this.skip(packedSize);
                ended = true;
            }
            byte[] target = new byte[ended ? 0 : buffer.length];
            while (!ended) {
                read(target, 0, target.length);
            }
        }
    }

    /** Holds the directory against the members, and reads on to the end of the file. */
    private void directory(long start, int firstSignature) throws IOException {
        int signature = firstSignature;
        int records = 0;
        while (signature == DIRECTORY) {
            directoryRecord();
            records++;
            signature = nextInt();
        }
        long end = offset + position - 4;
        if (records != members.size()) {
            throw new ZipException("the directory does not list the members: the file is damaged");
        }
        if (signature == LARGE_END) {
            skip(nextLong());
            require(nextInt() == LARGE_END_LOCATOR);
            skip(16);
            signature = nextInt();
        }
        require(signature == END);
        require(nextInt() == 0);
        int here = nextShort();
        int all = nextShort();
        require(here == all && (all == records || all == 0xffff));
        long length = nextUnsigned();
        require(length == end - start || length == UNKNOWN);
        long from = nextUnsigned();
        require(from == start || from == UNKNOWN);
        skip(nextShort());
        if (position < limit || refill()) {
            throw new ZipException("something follows the archive");
        }
    }

    private void directoryRecord() throws IOException {
        skip(4);
        int flags = nextShort();
        int method = nextShort();
        skip(4);
        int crc = nextInt();
        long packedSize = nextUnsigned();
        long size = nextUnsigned();
        int nameLength = nextShort();
        int extraLength = nextShort();
        int commentLength = nextShort();
        skip(8);
        long start = nextUnsigned();
        String name = text(nameLength);
        ByteBuffer extra = largeSizes(extraLength);
        if (extra != null) {
            size = size == UNKNOWN ? nextLong(extra) : size;
            packedSize = packedSize == UNKNOWN ? nextLong(extra) : packedSize;
            start = start == UNKNOWN ? nextLong(extra) : start;
        }
        skip(commentLength);
        for (Member member : members) {
            if (member.start == start) {
                require(member.name.equals(name)
                        && member.method == method
                        && member.crc == crc
                        && member.packedSize == packedSize
                        && member.size == size
                        && (flags & ENCRYPTED) == 0);
                return;
            }
        }
        require(false);
    }

    private static void require(boolean sound) throws ZipException {
        if (!sound) {
            throw new ZipException("the directory of the archive is damaged");
        }
    }

    /** Reads the extra fields, and returns the one that holds sizes of 64 bits, or null. */
    private ByteBuffer largeSizes(int length) throws IOException {
        ByteBuffer fields = ByteBuffer.wrap(bytes(length)).order(ByteOrder.LITTLE_ENDIAN);
        while (fields.remaining() >= 4) {
            int id = Short.toUnsignedInt(fields.getShort());
            int size = Short.toUnsignedInt(fields.getShort());
            if (size > fields.remaining()) {
                break;
            }
            if (id == LARGE_SIZES) {
                return fields.slice().limit(size).slice().order(ByteOrder.LITTLE_ENDIAN);
            }
            fields.position(fields.position() + size);
        }
        return null;
    }

    private static long nextLong(ByteBuffer field) throws ZipException {
        if (field.remaining() < Long.BYTES) {
            throw new ZipException("a size is missing: the file is damaged");
        }
        return positive(field.getLong());
    }

    private static long positive(long size) throws ZipException {
        if (size < 0) {
            throw new ZipException("a size is negative: the file is damaged");
        }
        return size;
    }

    private String text(int length) throws IOException {
        return new String(bytes(length), StandardCharsets.UTF_8);
    }

    private byte[] bytes(int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) next1();
        }
        return bytes;
    }

    private void skip(long n) throws IOException {
        long inBuffer = Math.min(n, limit - position);
        position += (int) inBuffer;
        for (long left = n - inBuffer; left > 0; ) {
            long skipped = in.skip(left);
            if (skipped > 0) {
                offset += skipped;
                left -= skipped;
            } else {
                fill();
                position = (int) Math.min(left, limit);
                left -= position;
            }
        }
    }

    private long nextLong() throws IOException {
        long low = nextUnsigned();
        return positive(low | nextUnsigned() << 32);
    }

    private long nextUnsigned() throws IOException {
        return Integer.toUnsignedLong(nextInt());
    }

    private int nextInt() throws IOException {
        return nextShort() | nextShort() << 16;
    }

    private int nextShort() throws IOException {
        return next1() | next1() << 8;
    }

    private int next1() throws IOException {
        if (position == limit) {
            fill();
        }
        return buffer[position++] & 0xff;
    }

    private void fill() throws IOException {
        if (!refill()) {
            throw new EOFException();
        }
    }

    private boolean refill() throws IOException {
        offset += limit;
        position = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }
}
