package lanewise.trainer.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

    static void checkMetadata(Path file, Model model, Map<String, String> metadata) {
        Safetensors.checkHeader(file, metadata, model.architecture().tensors());
    }

    /** Copies of the weights and biases, with the names that they have in a file. */
    static List<Tensor> tensors(Model model) {
        return Tensor.named(
                "", model.architecture().tensors(), Weights.of(model).toTensors());
    }

    /** Reads a model of the expected architecture, or of the one that its tensors have if that is null. */
    static Model read(Path file, Architecture expected) {
        Loading loading = new Loading(expected);
        Safetensors.read(file, loading);
        return loading.model;
    }

    /** The elements go to their places in the model as they come: a large one fits the heap once. */
    private static final class Loading implements Safetensors.Sink {
        private final Architecture expected;
        private Model model;

        Loading(Architecture expected) {
            this.expected = expected;
        }

        @Override
        public void begin(Map<String, String> metadata, Map<String, int[]> shapes) {
            ModelFormat.of(metadata);
            try {
                Architecture architecture = expected == null ? architecture(shapes) : expected;
                requireExactly(architecture, shapes);
                model = new Model(architecture, metadata);
            } catch (IllegalArgumentException e) {
                throw new LanewiseException(ExitCode.BAD_DATA, "the shapes make no model: " + e.getMessage());
            }
        }

        @Override
        public void take(String tensor, int at, float[] values, int count) {
            Dense layer = model.layers().get(layerOf(tensor));
            if (isBias(tensor)) {
                System.arraycopy(values, 0, layer.bias(), at, count);
            } else {
                layer.setByOutput(at, values, count);
            }
        }
    }

    private static int layerOf(String tensor) {
        return Integer.parseInt(tensor.substring(0, tensor.indexOf('.'))) / 2;
    }

    private static boolean isBias(String tensor) {
        return tensor.endsWith(".bias");
    }

    /** The sizes that the weights speak of; whether they fit each other is for {@link #requireExactly} to say. */
    private static Architecture architecture(Map<String, int[]> tensors) {
        int layers = 1;
        boolean bias = false;
        for (String name : tensors.keySet()) {
            bias |= isBias(name);
            if (WEIGHT.matcher(name).matches()) {
                layers = Math.max(layers, layerOf(name) + 1);
            }
        }
        List<Integer> outputs = new ArrayList<>();
        for (int l = 0; l < layers; l++) {
            outputs.add(matrix(tensors, Architecture.weightName(l))[0]);
        }
        int features = matrix(tensors, Architecture.weightName(0))[1];
        return new Architecture(features, outputs.subList(0, layers - 1), outputs.get(layers - 1), bias);
    }

    private static int[] matrix(Map<String, int[]> tensors, String name) {
        int[] shape = tensors.get(name);
        if (shape == null) {
            throw missing(name, "[outputs, inputs]");
        }
        if (shape.length != 2 || shape[0] < 1 || shape[1] < 1) {
            throw misshapen(name, "[outputs, inputs]", shape);
        }
        return shape;
    }

    /** Every tensor of the architecture is there in its shape, and no other one. */
    private static void requireExactly(Architecture architecture, Map<String, int[]> tensors) {
        Map<String, int[]> shapes = architecture.tensors();
        shapes.forEach((name, shape) -> {
            int[] found = tensors.get(name);
            if (found == null) {
                throw missing(name, Arrays.toString(shape));
            }
            if (!Arrays.equals(found, shape)) {
                throw misshapen(name, Arrays.toString(shape), found);
            }
        });
        tensors.keySet().forEach(name -> {
            if (!shapes.containsKey(name)) {
                throw new LanewiseException(ExitCode.BAD_DATA, "the model has no such tensor")
                        .at("tensor " + name)
                        .expected(String.join(", ", shapes.keySet()), name);
            }
        });
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
