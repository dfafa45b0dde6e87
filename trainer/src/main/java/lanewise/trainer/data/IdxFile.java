package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.data.IdxHeader.count;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntConsumer;
import java.util.zip.ZipException;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.source.Source;
import lanewise.trainer.data.source.Unpacked;

/**
 * An IDX file of unsigned bytes, plain or gzipped, whatever its name. {@link #open} holds the header against the size of
 * the file, so that no header makes {@link #read} set aside more than the file can fill.
 */
final class IdxFile {
    private static final int CHUNK = 1 << 16;

    private final Source source;
    private final IdxHeader header;

    private IdxFile(Source source, IdxHeader header) {
        this.source = source;
        this.header = header;
    }

    /** Whether a file begins as an IDX file does, plain or gzipped. */
    static boolean isIdx(Source source) {
        try (Unpacked content = source.open()) {
            return IdxHeader.isMagic(content.stream().readNBytes(4));
        } catch (ZipException | EOFException e) {
            return false;
        } catch (IOException e) {
            throw source.failed(e);
        }
    }

    /**
     * Reads and checks the header.
     *
     * @param source the file
     * @param dimensions how many dimensions it must have: 3 for images, 1 for labels
     * @return the file, whose items have not been read yet
     * @throws LanewiseException if there is no such regular file, the header is damaged or of another kind, a size is
     *     zero, or the file is too short for its header; a plain file must have exactly its size
     */
    static IdxFile open(Source source, int dimensions) {
        try (Unpacked content = source.open()) {
            return new IdxFile(source, IdxHeader.read(content, dimensions));
        } catch (EOFException e) {
            throw new LanewiseException(BAD_DATA, "the packed data end inside the header").in(source.name());
        } catch (IOException e) {
            throw source.failed(e);
        } catch (LanewiseException e) {
            throw e.in(source.name());
        }
    }

    Path path() {
        return source.name();
    }

    /** The size of one dimension, at least 1; dimension 0 is that of the rows. */
    long size(int dimension) {
        return header.sizes()[dimension];
    }

    /** How many items the file holds: the product of the sizes. */
    long items() {
        return header.items();
    }

    /**
     * Reads the items. Whether they fit the heap is for the caller to know.
     *
     * @return one unsigned byte an item, row-major
     * @throws LanewiseException if the file is cut short, damaged, or goes on after its last item
     */
    byte[] read() {
        byte[] items = new byte[Math.toIntExact(items())];
        unpack(items, true, n -> {});
        return items;
    }

    /**
     * Reads the items and forgets them.
     *
     * @throws LanewiseException if the file is cut short, damaged, or goes on after its last item
     */
    void verify() {
        unpack(new byte[CHUNK], false, n -> {});
    }

    /** Goes through the items, to keep them one behind the other or to look at some at a time, so many. */
    private void unpack(byte[] target, boolean keep, IntConsumer look) {
        try (IdxItems items = new IdxItems(this)) {
            while (items.left() > 0) {
                int at = keep ? (int) (items() - items.left()) : 0;
                look.accept(items.read(target, at, (int) Math.min(CHUNK, items.left())));
            }
        }
    }

    /** The largest item. */
    int largest() {
        byte[] chunk = new byte[CHUNK];
        int[] largest = {0};
        unpack(chunk, false, n -> {
            for (int i = 0; i < n; i++) {
                largest[0] = Math.max(largest[0], chunk[i] & 0xff);
            }
        });
        return largest[0];
    }

    /** The content from its first item on. */
    Unpacked openItems() throws IOException {
        Unpacked content = source.open();
        try {
            content.stream().skipNBytes(header.length());
            return content;
        } catch (IOException e) {
            content.close();
            throw e;
        }
    }

    /** The failure to throw when so many items have been read. */
    LanewiseException failed(IOException e, long itemsRead) {
        return e instanceof EOFException ? cutShort(itemsRead) : source.failed(e);
    }

    private LanewiseException cutShort(long itemsRead) {
        if (itemsRead == items()) {
            return new LanewiseException(BAD_DATA, "cut short: the checksum after the last item is missing").in(path());
        }
        int length = header.length();
        return new LanewiseException(BAD_DATA, "cut short")
                .in(path())
                .expected(count(length + items()) + " unpacked", count(length + itemsRead));
    }
}
