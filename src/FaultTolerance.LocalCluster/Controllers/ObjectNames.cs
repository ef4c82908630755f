using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>Names of what controllers make, in Kubernetes' alphabet (no vowels, no digits that look like letters).</summary>
internal static class ObjectNames
{
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>Five characters by chance: a name is an identity, not a part of any result, so it needs no seed.</summary>
    public static string Suffix() => RandomNumberGenerator.GetString(Alphabet, 5);

    /// <summary>A pod template's hash: the same template gives the same ten characters; a collision raises the count.</summary>
    public static string TemplateHash(JsonNode? template, int collisions)
    {
        var text = new StringBuilder();
        Canonical(template, text);
        text.Append(collisions);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        return string.Concat(hash.Take(10).Select(b => Alphabet[b % Alphabet.Length]));
    }

    // Clients that know the types write "creationTimestamp":null and "resources":{} where others write nothing.
    private static bool IsEmpty(JsonNode? value) => value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };

    // Members in order of their names, so that the order in a manifest does not matter.
    private static void Canonical(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case JsonObject o:
                text.Append('{');
                foreach (var (key, value) in o.Where(p => !IsEmpty(p.Value)).OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    text.Append(JsonValue.Create(key).ToJsonString()).Append(':');
                    Canonical(value, text);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonArray a:
                text.Append('[');
                foreach (var item in a)
                {
                    Canonical(item, text);
                    text.Append(',');
                }

                text.Append(']');
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }
}
