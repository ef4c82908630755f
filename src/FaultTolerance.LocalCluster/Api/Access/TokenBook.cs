using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace FaultTolerance.LocalCluster.Api.Access;

/// <summary>The bearer tokens that are good, each with its user. Only their hashes are kept.</summary>
internal sealed class TokenBook
{
    private readonly ConcurrentDictionary<string, User> _users = new(StringComparer.Ordinal);

    /// <summary>Makes a random token for a user.</summary>
    public string Issue(User user)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        _users[Hash(token)] = user;
        return token;
    }

    /// <summary>The user of an <c>Authorization</c> header, or null.</summary>
    public User? Find(string? authorization)
    {
        const string Scheme = "Bearer ";
        return authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? _users.GetValueOrDefault(Hash(authorization[Scheme.Length..].Trim()))
            : null;
    }

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
