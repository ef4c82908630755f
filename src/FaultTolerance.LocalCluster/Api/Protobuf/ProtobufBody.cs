using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Protobuf;

/// <summary>
/// Reads objects in Kubernetes' protobuf form, which client-go and kubectl send for built-in kinds from 1.32 on without being asked to.
/// Answers are JSON: every client that sends protobuf accepts it.
/// </summary>
internal static class ProtobufBody
{
    /// <summary>The form's media type.</summary>
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private const int Deepest = 64;

    /// <summary>The object in a body; 400 for a broken one, 415 for a kind that is not in the table.</summary>
    public static JsonObject Read(ReadOnlySpan<byte> body)
    {
        var magic = "k8s\0"u8;
        try
        {
            if (!body.StartsWith(magic))
            {
                throw new InvalidDataException("it does not begin as Kubernetes' protobuf form does");
            }

            return ReadEnvelope(body[magic.Length..]);
        }
        catch (Exception e) when (e is InvalidDataException or System.Text.Json.JsonException)
        {
            throw StoreErrors.BadRequest($"the object provided is unrecognized: {e.Message}");
        }
    }

    // runtime.Unknown: 1 typeMeta (1 apiVersion, 2 kind), 2 raw.
    private static JsonObject ReadEnvelope(ReadOnlySpan<byte> envelope)
    {
        string apiVersion = "", kind = "";
        ReadOnlySpan<byte> raw = default;
        var outer = new WireReader(envelope);
        while (outer.Next())
        {
            if (outer.Field == 2)
            {
                raw = outer.Bytes;
            }
            else if (outer.Field == 1)
            {
                var type = new WireReader(outer.Bytes);
                while (type.Next())
                {
                    _ = type.Field == 1 ? apiVersion = Text(type.Bytes) : kind = Text(type.Bytes);
                }
            }
        }

        if (MessageTable.Find(kind) is not { } fields)
        {
            throw StoreErrors.UnsupportedMediaType($"{MediaType} is not served for {apiVersion}, Kind={kind}: send application/json");
        }

        var value = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind };
        Fill(value, fields, raw, Deepest);
        return value;
    }

    private static void Fill(JsonObject value, IReadOnlyList<MessageField> fields, ReadOnlySpan<byte> message, int depth)
    {
        if (depth == 0)
        {
            throw new InvalidDataException("messages are nested too deep");
        }

        var reader = new WireReader(message);
        while (reader.Next())
        {
            var number = reader.Field;
            if (fields.FirstOrDefault(f => f.Number == number) is not { } field)
            {
                continue; // of a Kubernetes that is newer than the table
            }

            if (field.IsInline)
            {
                Fill(value, MessageTable.Find(field.Message!)!, reader.Bytes, depth - 1);
            }
            else if (field.IsMap)
            {
                AddEntry(value.Ensure(field.Name), field, reader.Bytes, depth);
            }
            else if (field.IsList)
            {
                if (value[field.Name] is not JsonArray items)
                {
                    value[field.Name] = items = [];
                }

                items.Add(ReadValue(field, reader, depth));
            }
            else if (ReadValue(field, reader, depth) is { } read && (field.IsOptional || !IsZero(read)))
            {
                value[field.Name] = read;
            }
        }
    }

    // A map's entry: 1 key, 2 value.
    private static void AddEntry(JsonObject map, MessageField field, ReadOnlySpan<byte> entry, int depth)
    {
        var key = "";
        JsonNode? value = field.Kind == FieldKind.Text ? "" : null;
        var reader = new WireReader(entry);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                key = Text(reader.Bytes);
            }
            else if (reader.Field == 2)
            {
                value = ReadValue(field, reader, depth);
            }
        }

        map[key] = value;
    }

    private static JsonNode? ReadValue(MessageField field, WireReader reader, int depth)
    {
        switch (field.Kind)
        {
            case FieldKind.Text:
                return Text(reader.Bytes);
            case FieldKind.Integer:
                return (long)reader.Number;
            case FieldKind.Flag:
                return reader.Number != 0;
            case FieldKind.Real:
                return BitConverter.UInt64BitsToDouble(reader.Number);
            case FieldKind.Bytes:
                return Convert.ToBase64String(reader.Bytes);
            case FieldKind.Time or FieldKind.MicroTime:
                return ReadTime(reader.Bytes, field.Kind == FieldKind.MicroTime);
            case FieldKind.IntOrString:
                return ReadIntOrString(reader.Bytes);
            case FieldKind.WrappedText:
                return Items(reader.Bytes) is [.., var last] ? last?.DeepClone() : "";
            case FieldKind.WrappedList:
                return Items(reader.Bytes);
            case FieldKind.RawJson:
                var raw = new WireReader(reader.Bytes);
                return raw.Next() && !raw.Bytes.IsEmpty ? JsonNode.Parse(raw.Bytes) : null;
            default:
                var value = new JsonObject();
                Fill(value, MessageTable.Find(field.Message!)!, reader.Bytes, depth - 1);
                return value;
        }
    }

    // Timestamp: 1 seconds, 2 nanoseconds. A time that is not set is an empty message.
    private static JsonValue? ReadTime(ReadOnlySpan<byte> message, bool micro)
    {
        if (message.IsEmpty)
        {
            return null;
        }

        long seconds = 0, nanoseconds = 0;
        var reader = new WireReader(message);
        while (reader.Next())
        {
            _ = reader.Field == 1 ? seconds = (long)reader.Number : nanoseconds = (long)reader.Number;
        }

        if (seconds is < -62_135_596_800 or > 253_402_300_799)
        {
            throw new InvalidDataException($"{seconds} seconds since 1970 is no time");
        }

        var at = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / 100).UtcDateTime;
        return JsonValue.Create(at.ToString(micro ? "yyyy-MM-ddTHH:mm:ss.ffffffZ" : "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
    }

    // 1 type (0 a number, 1 a string), 2 the number, 3 the string.
    private static JsonValue ReadIntOrString(ReadOnlySpan<byte> message)
    {
        var (isText, number, text) = (false, 0L, "");
        var reader = new WireReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    isText = reader.Number == 1;
                    break;
                case 2:
                    number = (long)reader.Number;
                    break;
                default:
                    text = Text(reader.Bytes);
                    break;
            }
        }

        return isText ? JsonValue.Create(text) : JsonValue.Create(number);
    }

    private static JsonArray Items(ReadOnlySpan<byte> message)
    {
        var items = new JsonArray();
        var reader = new WireReader(message);
        while (reader.Next())
        {
            items.Add((JsonNode)Text(reader.Bytes));
        }

        return items;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    private static bool IsZero(JsonNode value) => value switch
    {
        JsonObject map => map.Count == 0,
        JsonValue scalar => scalar.TryGetValue<string>(out var text) ? text.Length == 0
            : scalar.TryGetValue<bool>(out var flag) ? !flag
            : scalar.TryGetValue<long>(out var number) && number == 0,
        _ => false,
    };
}
