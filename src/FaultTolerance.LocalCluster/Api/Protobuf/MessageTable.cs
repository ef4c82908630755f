using System.Collections.Frozen;
using System.Globalization;

namespace FaultTolerance.LocalCluster.Api.Protobuf;

/// <summary>What a field holds.</summary>
internal enum FieldKind
{
    Text,
    Integer,
    Flag,
    Real,
    Bytes,
    Message,
    Time,
    MicroTime,
    IntOrString,
    WrappedText,
    RawJson,
    WrappedList,
}

/// <summary>One field of a message.</summary>
/// <param name="Number">Its number on the wire.</param>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Kind">What it holds, or what each of its items holds.</param>
/// <param name="Message">Name of the message that it holds.</param>
/// <param name="IsList">A list.</param>
/// <param name="IsMap">A map from strings.</param>
/// <param name="IsInline">The message's fields stand beside the field in JSON.</param>
/// <param name="IsOptional">Its zero means something and is kept.</param>
internal sealed record MessageField(
    int Number,
    string Name,
    FieldKind Kind,
    string? Message,
    bool IsList,
    bool IsMap,
    bool IsInline,
    bool IsOptional
);

/// <summary>The fields of the built-in kinds, from <c>Messages.txt</c>, which says how it is to be read.</summary>
internal static class MessageTable
{
    private static readonly FrozenDictionary<string, IReadOnlyList<MessageField>> Messages = Read();

    /// <summary>The fields of a message or kind; null for one that is not in the table.</summary>
    public static IReadOnlyList<MessageField>? Find(string message) => Messages.GetValueOrDefault(message);

    /// <summary>One field of a message as it stands in JSON: those of an inline message stand beside the others. Null for none.</summary>
    public static MessageField? FindField(string message, string name)
    {
        foreach (var field in Find(message) ?? [])
        {
            if (!field.IsInline && field.Name == name)
            {
                return field;
            }

            if (field.IsInline && FindField(field.Message!, name) is { } inner)
            {
                return inner;
            }
        }

        return null;
    }

    private static FrozenDictionary<string, IReadOnlyList<MessageField>> Read()
    {
        using var stream = typeof(MessageTable).Assembly.GetManifestResourceStream("Kubernetes.Messages.txt")
            ?? throw new InvalidOperationException("the program was built without Messages.txt");
        using var text = new StreamReader(stream);
        var messages = new Dictionary<string, IReadOnlyList<MessageField>>(StringComparer.Ordinal);
        while (text.ReadLine() is { } line)
        {
            if (!line.StartsWith('#') && line.Split(": ", 2) is [var name, var fields])
            {
                messages[name] = [.. fields.Split(", ").Select(ReadField)];
            }
        }

        return messages.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static MessageField ReadField(string field)
    {
        var parts = field.Split(' ');
        var type = parts[2];
        var isOptional = type.EndsWith('?');
        var (isList, isInline, isMap) = (type.StartsWith('*'), type.StartsWith('^'), type.StartsWith("map:", StringComparison.Ordinal));
        type = type.TrimEnd('?').TrimStart('*', '^');
        type = isMap ? type["map:".Length..] : type;
        var kind = type switch
        {
            "string" => FieldKind.Text,
            "int" => FieldKind.Integer,
            "bool" => FieldKind.Flag,
            "double" => FieldKind.Real,
            "bytes" => FieldKind.Bytes,
            "time" => FieldKind.Time,
            "microtime" => FieldKind.MicroTime,
            "intorstring" => FieldKind.IntOrString,
            "wrapped" => FieldKind.WrappedText,
            "raw" => FieldKind.RawJson,
            "list" => FieldKind.WrappedList,
            _ => FieldKind.Message,
        };
        return new(
            int.Parse(parts[0], CultureInfo.InvariantCulture),
            parts[1],
            kind,
            kind == FieldKind.Message ? type : null,
            isList,
            isMap,
            isInline,
            isOptional
        );
    }
}
