package lanewise.trainer.io;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A file of tensors in the safetensors format.
 *
 * @param metadata what stands under {@code __metadata__}; empty if there is nothing
 * @param tensors in the order of their data
 */
public record Safetensors(Map<String, String> metadata, List<Tensor> tensors) {
    /**
     * Reads a file.
     *
     * @param file a safetensors file whose tensors are all F32
     * @return its content
     * @throws lanewise.trainer.LanewiseException if the file is missing or malformed, or a value is not finite
     */
    public static Safetensors read(Path file) {
        throw new UnsupportedOperationException();
    }

    /**
     * Writes a file, whole or not at all.
     *
     * @param file the file, replaced if it is there
     * @throws lanewise.trainer.LanewiseException if the file cannot be created or written
     */
    public void write(Path file) {
        throw new UnsupportedOperationException();
    }
}
