package lanewise.trainer.data.source;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.io.IOException;
import java.io.InputStream;
import lanewise.trainer.LanewiseException;

/** Finds the place of a byte in a text, for the message about it. */
final class TextPlace {
    private TextPlace() {}

    static LanewiseException notUtf8(Source source, Utf8Reader.NotUtf8 found) {
        String what = String.format("byte 0x%02X is not UTF-8", found.value());
        LanewiseException failure = new LanewiseException(BAD_DATA, what).in(source.name());
        try (Unpacked content = source.open()) {
            return failure.at(of(found.offset(), content.stream()));
        } catch (IOException e) {
            return failure.at("offset " + found.offset());
        }
    }

    private static String of(long offset, InputStream in) throws IOException {
        long line = 1;
        long start = 0;
        byte[] buffer = new byte[1 << 16];
        byte last = 0;
        for (long position = 0; position < offset; ) {
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, offset - position));
            if (n < 0) {
                break;
            }
            for (int i = 0; i < n; i++) {
                position++;
                boolean sameLine = buffer[i] == '\n' && last == '\r';
                if (buffer[i] == '\n' || buffer[i] == '\r') {
                    line += sameLine ? 0 : 1;
                    start = position;
                }
                last = buffer[i];
            }
        }
        return "line " + line + ", byte " + (offset - start + 1);
    }
}
