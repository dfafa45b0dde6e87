package lanewise.trainer.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.Safetensors;
import lanewise.trainer.io.Tensor;

/** A model as the tensors of a file. */
final class ModelFile {
    private static final Pattern WEIGHT = Pattern.compile("\\d{1,6}\\.weight");

    private ModelFile() {}

    static void write(Path file, Model model, Map<String, String> metadata) {
        new Safetensors(metadata, tensors(model)).write(file);
    }

    /** Copies of the weights and biases, with the names that they have in a file. */
    static List<Tensor> tensors(Model model) {
        return Tensor.named(
                "", model.architecture().tensors(), Weights.of(model).toTensors());
    }

    /** Reads a model of the expected architecture, or of the one that its tensors have if that is null. */
    static Model read(Path file, Architecture expected) {
        Safetensors content = Safetensors.read(file);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        content.tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
        try {
            ModelFormat.of(content.metadata());
            Architecture architecture = expected == null ? architecture(tensors) : expected;
            requireExactly(architecture, tensors);
            Model model = new Model(architecture, content.metadata());
            Weights.of(model).set(values(architecture, tensors));
            return model;
        } catch (LanewiseException e) {
            throw e.in(file);
        } catch (IllegalArgumentException e) {
            throw new LanewiseException(ExitCode.BAD_DATA, "the shapes make no model: " + e.getMessage()).in(file);
        }
    }

    /** The sizes that the weights speak of; whether they fit each other is for {@link #requireExactly} to say. */
    private static Architecture architecture(Map<String, Tensor> tensors) {
        int layers = 1;
        boolean bias = false;
        for (String name : tensors.keySet()) {
            bias |= name.endsWith(".bias");
            if (WEIGHT.matcher(name).matches()) {
                layers = Math.max(layers, Integer.parseInt(name.substring(0, name.indexOf('.'))) / 2 + 1);
            }
        }
        List<Integer> outputs = new ArrayList<>();
        for (int l = 0; l < layers; l++) {
            outputs.add(matrix(tensors, Architecture.weightName(l))[0]);
        }
        int features = matrix(tensors, Architecture.weightName(0))[1];
        return new Architecture(features, outputs.subList(0, layers - 1), outputs.get(layers - 1), bias);
    }

    private static int[] matrix(Map<String, Tensor> tensors, String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw missing(name, "[outputs, inputs]");
        }
        int[] shape = tensor.shape();
        if (shape.length != 2 || shape[0] < 1 || shape[1] < 1) {
            throw misshapen(name, "[outputs, inputs]", shape);
        }
        return shape;
    }

    /** Every tensor of the architecture is there in its shape, and no other one. */
    private static void requireExactly(Architecture architecture, Map<String, Tensor> tensors) {
        Map<String, int[]> shapes = architecture.tensors();
        shapes.forEach((name, shape) -> {
            Tensor tensor = tensors.get(name);
            if (tensor == null) {
                throw missing(name, Arrays.toString(shape));
            }
            if (!Arrays.equals(tensor.shape(), shape)) {
                throw misshapen(name, Arrays.toString(shape), tensor.shape());
            }
        });
        tensors.forEach((name, tensor) -> {
            if (!shapes.containsKey(name)) {
                throw new LanewiseException(ExitCode.BAD_DATA, "the model has no such tensor")
                        .at("tensor " + name)
                        .expected(String.join(", ", shapes.keySet()), name);
            }
        });
    }

    private static List<float[]> values(Architecture architecture, Map<String, Tensor> tensors) {
        return architecture.tensors().keySet().stream()
                .map(name -> tensors.get(name).data())
                .toList();
    }

    private static LanewiseException missing(String name, String shape) {
        return new LanewiseException(ExitCode.BAD_DATA, "the tensor is missing")
                .at("tensor " + name)
                .expected("shape " + shape, "nothing");
    }

    private static LanewiseException misshapen(String name, String expected, int[] found) {
        return new LanewiseException(ExitCode.BAD_DATA, "the tensor has another shape")
                .at("tensor " + name)
                .expected(expected, Arrays.toString(found));
    }
}
