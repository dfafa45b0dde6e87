package lanewise.trainer.io;

import static lanewise.trainer.ExitCode.IO_FAILED;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import lanewise.trainer.LanewiseException;

/** The checksum that names contents. */
public final class Sha256 {
    private Sha256() {}

    /**
     * Begins a checksum.
     *
     * @return takes the content
     */
    public static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * The checksum of a file.
     *
     * @param file a regular file
     * @return 64 hexadecimal digits
     * @throws LanewiseException if the file is missing (66) or cannot be read (74)
     */
    public static String of(Path file) {
        MessageDigest digest = begin();
        try (InputStream in = Channels.newInputStream(InputFile.open(file))) {
            in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        } catch (IOException e) {
            throw new LanewiseException(IO_FAILED, e).in(file);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
