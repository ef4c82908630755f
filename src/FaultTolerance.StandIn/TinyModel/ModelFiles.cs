using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FaultTolerance.StandIn.TinyModel;

/// <summary>
/// The files of a model of two layers without weights: what a real frontend and mocker need to take text apart and put it together. An
/// engine takes it with dummy weights.
/// </summary>
internal static class ModelFiles
{
    private const int ContextLength = 32768;

    private const string ChatTemplate =
        "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    private static readonly JsonSerializerOptions AsItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Each file's name and text.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["config.json"] = Config().ToJsonString(AsItIs),
            ["generation_config.json"] = new JsonObject { ["eos_token_id"] = 2, ["bos_token_id"] = 0, ["pad_token_id"] = 0 }.ToJsonString(),
            ["tokenizer_config.json"] = new JsonObject
            {
                ["tokenizer_class"] = "PreTrainedTokenizerFast",
                ["eos_token"] = Tokens.End,
                ["pad_token"] = Tokens.EndOfText,
                ["model_max_length"] = ContextLength,
                ["chat_template"] = ChatTemplate,
            }.ToJsonString(AsItIs),
            ["tokenizer.json"] = Tokenizer().ToJsonString(AsItIs),
        };

    private static JsonObject Config() => new()
    {
        ["architectures"] = new JsonArray("Qwen3ForCausalLM"),
        ["model_type"] = "qwen3",
        ["vocab_size"] = Tokens.Count,
        ["hidden_size"] = 64,
        ["intermediate_size"] = 128,
        ["num_hidden_layers"] = 2,
        ["num_attention_heads"] = 2,
        ["num_key_value_heads"] = 1,
        ["head_dim"] = 64,
        ["hidden_act"] = "silu",
        ["max_position_embeddings"] = ContextLength,
        ["rms_norm_eps"] = 1e-06,
        ["rope_theta"] = 1000000,
        ["tie_word_embeddings"] = true,
        ["torch_dtype"] = "bfloat16",
        ["bos_token_id"] = 0,
        ["eos_token_id"] = 2,
        ["use_cache"] = true,
        ["attention_bias"] = false,
        ["attention_dropout"] = 0.0,
        ["initializer_range"] = 0.02,
    };

    private static JsonObject Tokenizer() => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray([.. Tokens.Special.Select(Added)]),
        ["normalizer"] = null,
        ["pre_tokenizer"] = ByteLevel(prefixSpace: false),
        ["post_processor"] = null,
        ["decoder"] = ByteLevel(prefixSpace: true),
        ["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["ignore_merges"] = false,
            ["vocab"] = new JsonObject(Tokens.Vocabulary.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id))),
            ["merges"] = new JsonArray([.. Tokens.Merges.Select(pair => JsonValue.Create($"{pair.Left} {pair.Right}"))]),
        },
    };

    private static JsonObject Added(string token, int id) => new()
    {
        ["id"] = id,
        ["content"] = token,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    };

    private static JsonObject ByteLevel(bool prefixSpace) =>
        new() { ["type"] = "ByteLevel", ["add_prefix_space"] = prefixSpace, ["trim_offsets"] = true, ["use_regex"] = true };
}
