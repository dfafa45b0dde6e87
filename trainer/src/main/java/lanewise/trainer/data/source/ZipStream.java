package lanewise.trainer.data.source;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
public final class ZipStream implements AutoCloseable {
    /** The first four bytes of an archive with members, read as a big-endian int. */
    public static final int MAGIC = 0x504b0304;

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

    private final PackedBytes in;
    private final Inflater inflater = new Inflater(true);
    private final List<Member> members = new ArrayList<>();
    private Member current;

    /**
     * Begins in front of the first member.
     *
     * @param in the archive, which {@link #close} closes
     */
    public ZipStream(InputStream in) {
        this.in = new PackedBytes(in, null);
    }

    /**
     * The name of the next member, which {@link #content} then gives; what is left of the one before is skipped.
     *
     * @return null if there is no further one and the archive is sound
     * @throws IOException if it is not, or cannot be read
     */
    public String next() throws IOException {
        if (current != null) {
            current.skip();
            current = null;
        }
        long start = in.position();
        int signature = in.nextInt();
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

    /**
     * The unpacked bytes of the member.
     *
     * @return the bytes, whose end is reached only if they are sound
     */
    public InputStream content() {
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
        private boolean listed;

        Member(long start) throws IOException {
            this.start = start;
            in.nextShort();
            int flags = in.nextShort();
            this.method = in.nextShort();
            in.nextInt();
            this.crc = in.nextInt();
            this.packedSize = in.nextUnsigned();
            this.size = in.nextUnsigned();
            int nameLength = in.nextShort();
            int extraLength = in.nextShort();
            this.name = in.text(nameLength);
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
            int n = in.read(target, at, (int) Math.min(length, packedSize - packedSoFar));
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
                in.putBack(inflater.getRemaining());
                packedSoFar -= inflater.getRemaining();
                end();
            } else if (inflater.needsDictionary()) {
                throw new ZipException("member " + name + " is corrupt");
            } else {
                packedSoFar += in.feed(inflater);
            }
            return 0;
        }

        private void end() throws IOException {
            ended = true;
            if (sizesBehind) {
                crc = in.nextInt();
                if (crc == DESCRIPTOR) {
                    crc = in.nextInt();
                }
                packedSize = large ? in.nextLong() : in.nextUnsigned();
                size = large ? in.nextLong() : in.nextUnsigned();
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
                in.skip(packedSize);
                ended = true;
            }
            byte[] target = new byte[ended ? 0 : 1 << 13];
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
            signature = in.nextInt();
        }
        long end = in.position() - 4;
        if (records != members.size()) {
            throw new ZipException("the directory does not list the members: the file is damaged");
        }
        if (signature == LARGE_END) {
            in.skip(in.nextLong());
            require(in.nextInt() == LARGE_END_LOCATOR);
            in.skip(16);
            signature = in.nextInt();
        }
        require(signature == END);
        require(in.nextInt() == 0);
        int here = in.nextShort();
        int all = in.nextShort();
        require(here == all && (all == records || all == 0xffff));
        long length = in.nextUnsigned();
        require(length == end - start || length == UNKNOWN);
        long from = in.nextUnsigned();
        require(from == start || from == UNKNOWN);
        in.skip(in.nextShort());
        if (!in.atEnd()) {
            throw new ZipException("something follows the archive");
        }
    }

    private void directoryRecord() throws IOException {
        in.skip(4);
        int flags = in.nextShort();
        int method = in.nextShort();
        in.skip(4);
        int crc = in.nextInt();
        long packedSize = in.nextUnsigned();
        long size = in.nextUnsigned();
        int nameLength = in.nextShort();
        int extraLength = in.nextShort();
        int commentLength = in.nextShort();
        in.skip(8);
        long start = in.nextUnsigned();
        String name = in.text(nameLength);
        ByteBuffer extra = largeSizes(extraLength);
        if (extra != null) {
            size = size == UNKNOWN ? nextLong(extra) : size;
            packedSize = packedSize == UNKNOWN ? nextLong(extra) : packedSize;
            start = start == UNKNOWN ? nextLong(extra) : start;
        }
        in.skip(commentLength);
        for (Member member : members) {
            if (member.start == start) {
                require(!member.listed
                        && member.name.equals(name)
                        && member.method == method
                        && member.crc == crc
                        && member.packedSize == packedSize
                        && member.size == size
                        && (flags & ENCRYPTED) == 0);
                member.listed = true;
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
        ByteBuffer fields = ByteBuffer.wrap(in.bytes(length)).order(ByteOrder.LITTLE_ENDIAN);
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
        return PackedBytes.positive(field.getLong());
    }
}
