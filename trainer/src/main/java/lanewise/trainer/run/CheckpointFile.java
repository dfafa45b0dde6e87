package lanewise.trainer.run;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.Json;
import lanewise.trainer.io.Safetensors;
import lanewise.trainer.io.Sha256;
import lanewise.trainer.io.Tensor;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.ModelFormat;
import lanewise.trainer.train.EpochReport;
import lanewise.trainer.train.Provenance;
import lanewise.trainer.train.TrainingState;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The state of a training as a safetensors file. The weights are named as in a model, the momentum has {@code momentum.} in
 * front of its names and the best weights {@code best.}, and {@link ReportTensor} has the reports; the metadata holds the
 * place under {@code lanewise_checkpoint}, the provenance of the model, and the SHA-256 of all that.
 */
final class CheckpointFile {
    private static final String STATE = "lanewise_checkpoint";
    private static final String SHA256 = "sha256";
    private static final int FORMAT = 2;
    private static final List<String> PREFIXES = List.of("", "momentum.", "best.");

    private CheckpointFile() {}

    static void write(Path file, TrainingState state, Architecture architecture, Provenance provenance) {
        List<Tensor> tensors = new ArrayList<>();
        Iterator<String> prefixes = PREFIXES.iterator();
        for (List<float[]> values : List.of(state.weights(), state.momentum(), state.best())) {
            tensors.addAll(Tensor.named(prefixes.next(), architecture.tensors(), values));
        }
        Map<String, String> metadata = new TreeMap<>(provenance.toMetadata());
        tensors.add(ReportTensor.of(state.reports()));
        metadata.put(STATE, toJson(state));
        metadata.put(SHA256, checksum(metadata, tensors));
        new Safetensors(metadata, tensors).write(file);
    }

    /**
     * Reads the state of a training of this architecture and provenance.
     *
     * @throws LanewiseException if the file is missing (66) or cannot be read (74), is damaged, of another version of this
     *     program, of other data or another recipe (65)
     */
    static TrainingState read(Path file, Architecture architecture, Provenance provenance) {
        Safetensors content = Safetensors.read(file);
        try {
            return state(content, architecture, provenance);
        } catch (LanewiseException e) {
            throw e.in(file);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new LanewiseException(BAD_DATA, "the state makes no sense: " + e.getMessage()).in(file);
        }
    }

    private static TrainingState state(Safetensors content, Architecture architecture, Provenance provenance) {
        Map<String, String> metadata = new TreeMap<>(content.metadata());
        String state = metadata.get(STATE);
        String expected = metadata.remove(SHA256);
        if (state == null || expected == null) {
            throw new LanewiseException(BAD_DATA, "not a checkpoint of Lanewise");
        }
        String found = checksum(metadata, content.tensors());
        if (!found.equals(expected)) {
            throw new LanewiseException(BAD_DATA, "the checkpoint is damaged").expected("SHA-256 " + expected, found);
        }
        JsonNode json = JsonMapper.shared().readTree(state);
        int format = json.required("format").intValue();
        if (format != FORMAT) {
            throw new LanewiseException(BAD_DATA, "the checkpoint is of another version of Lanewise")
                    .expected("format " + FORMAT, "format " + format);
        }
        requireSame(provenance, Provenance.of(metadata).orElseThrow(IllegalArgumentException::new));
        TrainingState read = new TrainingState(
                json.required("epoch").intValue(),
                json.required("rows_done").intValue(),
                json.required("seconds").doubleValue(),
                reports(content),
                values(PREFIXES.get(0), architecture, content),
                values(PREFIXES.get(1), architecture, content),
                values(PREFIXES.get(2), architecture, content));
        requireNoOther(architecture, content);
        return read;
    }

    private static List<EpochReport> reports(Safetensors content) {
        return content.tensors().stream()
                .filter(tensor -> tensor.name().equals(ReportTensor.NAME))
                .findFirst()
                .map(ReportTensor::reports)
                .orElseThrow(() -> new IllegalArgumentException("no tensor " + ReportTensor.NAME));
    }

    private static void requireNoOther(Architecture architecture, Safetensors content) {
        Set<String> names = new HashSet<>(Set.of(ReportTensor.NAME));
        for (String prefix : PREFIXES) {
            architecture.tensors().keySet().forEach(name -> names.add(prefix + name));
        }
        for (Tensor tensor : content.tensors()) {
            if (!names.contains(tensor.name())) {
                throw new LanewiseException(BAD_DATA, "the checkpoint is of another model")
                        .at("tensor " + tensor.name());
            }
        }
    }

    private static void requireSame(Provenance run, Provenance checkpoint) {
        if (!checkpoint.dataSha256().equals(run.dataSha256())) {
            throw new LanewiseException(BAD_DATA, "the checkpoint is of other data")
                    .expected("SHA-256 " + run.dataSha256(), checkpoint.dataSha256());
        }
        requireSameNames("class", run.classes(), checkpoint.classes(), "the checkpoint is of other classes");
        requireSameNames(
                "feature",
                run.featureNames(),
                checkpoint.featureNames(),
                "the checkpoint is of features of other names");
        if (checkpoint.firstIndex() != run.firstIndex()) {
            throw new LanewiseException(BAD_DATA, "the checkpoint is of features that are counted otherwise")
                    .expected(indices(run), indices(checkpoint));
        }
        if (!checkpoint.scaling().equals(run.scaling())) {
            throw new LanewiseException(BAD_DATA, "the checkpoint is of features that are scaled otherwise");
        }
        JsonNode found = json(checkpoint);
        for (Map.Entry<String, JsonNode> expected : json(run).properties()) {
            String name = expected.getKey();
            if (!found.required(name).equals(expected.getValue())) {
                throw new LanewiseException(BAD_DATA, "the checkpoint is of another recipe")
                        .at(name.replace('_', '-'))
                        .expected(
                                expected.getValue().asString(),
                                found.required(name).asString());
            }
        }
    }

    /** Tells the first name that is another one: all of them may be more than a line takes. */
    private static void requireSameNames(String place, List<String> run, List<String> checkpoint, String what) {
        int i = Arrays.mismatch(run.toArray(), checkpoint.toArray());
        if (i >= 0) {
            throw new LanewiseException(BAD_DATA, what)
                    .at(place + " " + i)
                    .expected(nameOf(i, run), nameOf(i, checkpoint));
        }
    }

    private static String nameOf(int index, List<String> names) {
        return index < names.size() ? names.get(index) : "no name";
    }

    private static String indices(Provenance of) {
        return of.firstIndex() < 0 ? "no indices" : "indices from " + of.firstIndex();
    }

    /** As its file says it, with the names of the command line. */
    private static JsonNode json(Provenance of) {
        return JsonMapper.shared().readTree(of.toMetadata().get(ModelFormat.KEY));
    }

    private static String toJson(TrainingState state) {
        return Json.object(members -> members.writeNumberProperty("format", FORMAT)
                .writeNumberProperty("epoch", state.epoch())
                .writeNumberProperty("rows_done", state.rowsDone())
                .writeNumberProperty("seconds", state.seconds()));
    }

    /** The tensors with a prefix in the order of the architecture: all of them, or none. */
    private static List<float[]> values(String prefix, Architecture architecture, Safetensors content) {
        List<float[]> values = new ArrayList<>();
        architecture.tensors().forEach((name, shape) -> {
            for (Tensor tensor : content.tensors()) {
                if (tensor.name().equals(prefix + name)) {
                    values.add(requireShape(tensor, shape).data());
                }
            }
        });
        int all = architecture.tensors().size();
        if (values.size() != all && !(values.isEmpty() && !prefix.isEmpty())) {
            throw new LanewiseException(BAD_DATA, "the checkpoint is of another model")
                    .expected(all + " tensors " + prefix + "*", values.size());
        }
        return values;
    }

    private static Tensor requireShape(Tensor tensor, int[] shape) {
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw new LanewiseException(BAD_DATA, "the checkpoint is of another model")
                    .at("tensor " + tensor.name())
                    .expected(Arrays.toString(shape), Arrays.toString(tensor.shape()));
        }
        return tensor;
    }

    /** Over the metadata, key by key, and the tensors, in their order. */
    private static String checksum(Map<String, String> metadata, List<Tensor> tensors) {
        MessageDigest digest = Sha256.begin();
        metadata.forEach((key, value) -> {
            digest.update((key + "\0" + value + "\0").getBytes(StandardCharsets.UTF_8));
        });
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        for (Tensor tensor : tensors) {
            digest.update((tensor.name() + Arrays.toString(tensor.shape())).getBytes(StandardCharsets.UTF_8));
            float[] data = tensor.data();
            for (int i = 0, count; i < data.length; i += count) {
                count = Math.min(buffer.capacity() / Float.BYTES, data.length - i);
                buffer.asFloatBuffer().put(data, i, count);
                digest.update(buffer.array(), 0, count * Float.BYTES);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
