package lanewise.trainer.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.io.AtomicFile;
import lanewise.trainer.io.Protobuf;
import lanewise.trainer.io.Tensor;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model as an ONNX graph, which runs wherever ONNX does. It takes features as they come:
 *
 * <pre>
 * X              float [N][features]
 * scaled         X, or (X - offset) * factor
 * z0 = Gemm      scaled W' + b, then h0 = Relu(z0), z1 = Gemm(h0), ...
 * probabilities  float [N][classes], the softmax of the last z
 * label          [N], the class of the largest logit, the lowest one of equals: an int64, or a name where classes have names
 * </pre>
 *
 * <p>The names of the inputs and outputs, and text for a class that has a name, are what skl2onnx gives to a classifier.
 *
 * <p><b>Source.</b> onnx.proto, IR version 8; operators of opset 17, and LabelEncoder of ai.onnx.ml 3.
 */
final class OnnxFile {
    private static final long IR_VERSION = 8;
    private static final long OPSET = 17;
    private static final long ML_OPSET = 3;
    private static final String ML = "ai.onnx.ml";

    /** Element types of a tensor. */
    private static final int FLOAT = 1;

    private static final int INT64 = 7;
    private static final int STRING = 8;
    private static final int DOUBLE = 11;

    /** Types of an attribute. */
    private static final int A_NUMBER = 2;

    private static final int NUMBERS = 7;
    private static final int STRINGS = 8;

    private final Protobuf graph = new Protobuf();

    private OnnxFile() {}

    /**
     * Writes a file, whole or not at all.
     *
     * @param file the file, which is replaced if it is there
     * @param model the model
     * @param metadata what to say besides
     * @param scaling what is done to the features first
     * @param classNames a name for each class, or nothing at all
     * @throws LanewiseException if a weight is not finite, or the file cannot be created or written, or would be larger than
     *     such a file can be
     */
    static void write(Path file, Model model, Map<String, String> metadata, Scaling scaling, List<String> classNames) {
        Architecture sizes = model.architecture();
        OnnxFile onnx = new OnnxFile();
        for (Tensor tensor : ModelFile.tensors(model)) {
            float[] elements = tensor.requireFinite(ExitCode.DIVERGED, file).data();
            onnx.tensor(tensor.name(), FLOAT, new Protobuf().floats(9, elements), tensor.shape());
        }
        String logits = onnx.layers(sizes, onnx.scaled(scaling, sizes.features()));
        onnx.node("Softmax", "probabilities", List.of(logits), number("axis", 1));
        onnx.label(logits, classNames);
        onnx.graph
                .text(2, "lanewise")
                .message(11, value("X", FLOAT, sizes.features()))
                .message(12, value("label", classNames.isEmpty() ? INT64 : STRING))
                .message(12, value("probabilities", FLOAT, sizes.classes()));

        Protobuf whole = new Protobuf()
                .number(1, IR_VERSION)
                .text(2, "lanewise")
                .message(7, onnx.graph)
                .message(8, new Protobuf().text(1, "").number(2, OPSET));
        TreeMap<String, String> all = new TreeMap<>(metadata);
        if (!classNames.isEmpty()) {
            whole.message(8, new Protobuf().text(1, ML).number(2, ML_OPSET));
            all.put("classes", JsonMapper.shared().writeValueAsString(classNames));
        }
        all.forEach((key, text) -> whole.message(14, new Protobuf().text(1, key).text(2, text)));
        if (whole.size() > Integer.MAX_VALUE) {
            throw new LanewiseException(ExitCode.CANNOT_CREATE, "the model is too large for an ONNX file")
                    .in(file)
                    .expected("at most " + Integer.MAX_VALUE + " bytes", whole.size());
        }
        AtomicFile.write(file, whole::writeTo);
    }

    /** The features as the first layer takes them. A fitted scaling runs in double, as it does in training. */
    private String scaled(Scaling scaling, int features) {
        if (scaling.kind() == Scaling.Kind.NONE) {
            return "X";
        }
        if (scaling.kind() == Scaling.Kind.PIXEL) {
            tensor("factor", FLOAT, new Protobuf().floats(9, new float[] {(float) scaling.factor(0)}));
            return node("Mul", "scaled", List.of("X", "factor"));
        }
        tensor("offset", DOUBLE, new Protobuf().bytes(9, bytes(features, scaling::offset)), features);
        tensor("factor", DOUBLE, new Protobuf().bytes(9, bytes(features, scaling::factor)), features);
        node("Cast", "wide", List.of("X"), number("to", DOUBLE));
        node("Sub", "centred", List.of("wide", "offset"));
        node("Mul", "stretched", List.of("centred", "factor"));
        return node("Cast", "scaled", List.of("stretched"), number("to", FLOAT));
    }

    /** The layers, over tensors that have the names that they have in a safetensors file. */
    private String layers(Architecture sizes, String input) {
        String x = input;
        for (int l = 0; l < sizes.layers(); l++) {
            if (l > 0) {
                x = node("Relu", "h" + (l - 1), List.of(x));
            }
            String weight = Architecture.weightName(l);
            List<String> operands = sizes.bias() ? List.of(x, weight, Architecture.biasName(l)) : List.of(x, weight);
            x = node("Gemm", "z" + l, operands, number("transB", 1));
        }
        return x;
    }

    private void label(String logits, List<String> classNames) {
        String index = classNames.isEmpty() ? "label" : "index";
        node("ArgMax", index, List.of(logits), number("axis", 1), number("keepdims", 0));
        if (!classNames.isEmpty()) {
            Protobuf keys = attribute("keys_int64s", NUMBERS);
            Protobuf names = attribute("values_strings", STRINGS);
            for (int c = 0; c < classNames.size(); c++) {
                keys.number(8, c);
                names.text(9, classNames.get(c));
            }
            Protobuf node = node("LabelEncoder", List.of(index), "label", keys, names);
            graph.message(1, node.text(7, ML));
        }
    }

    /** Adds a node, and names its output. */
    private String node(String operator, String output, List<String> inputs, Protobuf... attributes) {
        graph.message(1, node(operator, inputs, output, attributes));
        return output;
    }

    private static Protobuf node(String operator, List<String> inputs, String output, Protobuf... attributes) {
        Protobuf node = new Protobuf();
        inputs.forEach(input -> node.text(1, input));
        node.text(2, output).text(3, output).text(4, operator);
        for (Protobuf attribute : attributes) {
            node.message(5, attribute);
        }
        return node;
    }

    private static Protobuf number(String name, long value) {
        return attribute(name, A_NUMBER).number(3, value);
    }

    private static Protobuf attribute(String name, int type) {
        return new Protobuf().text(1, name).number(20, type);
    }

    /** Adds a constant: its shape and type to what holds its elements. */
    private void tensor(String name, int type, Protobuf elements, int... shape) {
        for (int size : shape) {
            elements.number(1, size);
        }
        graph.message(5, elements.number(2, type).text(8, name));
    }

    /** The type of an input or output: N rows of these sizes. */
    private static Protobuf value(String name, int type, int... sizes) {
        Protobuf shape = new Protobuf().message(1, new Protobuf().text(2, "N"));
        for (int size : sizes) {
            shape.message(1, new Protobuf().number(1, size));
        }
        Protobuf tensor = new Protobuf().number(1, type).message(2, shape);
        return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
    }

    private static byte[] bytes(int n, IntToDoubleFunction element) {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * n).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < n; i++) {
            bytes.putDouble(element.applyAsDouble(i));
        }
        return bytes.array();
    }
}
