using System.Security.Cryptography;
using System.Text;

namespace Akka.Zab.Client.Sasl;

/// <summary>
/// What both ends of DIGEST-MD5 (RFC 2831) compute, with the names that ZooKeeper has wired in. Of the qualities of
/// protection there is <c>auth</c> only: who a client is; what it sends afterwards, TLS protects.
/// </summary>
/// <remarks>
/// A text here has a character for each byte that travels (Latin-1), so that what a client has sent is hashed byte for
/// byte as it came. Only the user's name and password are real texts.
/// </remarks>
internal static class DigestMd5
{
    /// <summary>The realm, and the host in the place of the server's real one.</summary>
    public const string Realm = "zk-sasl-md5";

    /// <summary>The service and the host, which stand for the server.</summary>
    public const string Uri = "zookeeper/" + Realm;

    /// <summary>The only quality of protection.</summary>
    public const string Quality = "auth";

    /// <summary>A nonce is used once, so it is always the first time.</summary>
    public const string FirstUse = "00000001";

    /// <summary>The longest token that a server has to take.</summary>
    public const int MaxToken = 4096;

    /// <summary>How many bytes of chance a nonce is made of.</summary>
    public const int NonceBytes = 24;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>
    /// What stands for a password: the MD5 of <c>user:realm:password</c>. Whoever has it can log in with it.
    /// </summary>
    public static byte[] Hash(string user, string password, string realm = Realm) =>
        Md5([.. Encode(user), .. Encode($":{realm}:"), .. Encode(password)]);

    /// <summary>What a client proves itself with, as 32 hexadecimal digits.</summary>
    /// <param name="hash">See <see cref="Hash"/>.</param>
    /// <param name="nonce">The server's.</param>
    /// <param name="clientNonce">The client's.</param>
    /// <param name="uri">The server's name as the client has sent it.</param>
    /// <param name="authorization">Whom the client wants to act for as it has sent it; null for itself.</param>
    public static string ClientProof(
        ReadOnlySpan<byte> hash, string nonce, string clientNonce, string uri, string? authorization = null) =>
        Proof(hash, nonce, clientNonce, $"AUTHENTICATE:{uri}", authorization);

    /// <summary>What the server proves with that it knows the user, too; the same but for one word.</summary>
    public static string ServerProof(
        ReadOnlySpan<byte> hash, string nonce, string clientNonce, string uri, string? authorization = null) =>
        Proof(hash, nonce, clientNonce, $":{uri}", authorization);

    /// <summary>Whether two texts are equal, in a time that does not tell how far they are.</summary>
    public static bool AreEqual(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.Latin1.GetBytes(one), Encoding.Latin1.GetBytes(other));

    /// <summary>A name as it travels: UTF-8, a character for each byte.</summary>
    public static string ToWire(string name) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(name));

    /// <summary>A name that has travelled; null if it is no text.</summary>
    /// <param name="text">A character for each byte.</param>
    /// <param name="utf8">Whether the client says that it is UTF-8; Latin-1 otherwise.</param>
    public static string? FromWire(string text, bool utf8)
    {
        if (!utf8) return text;
        try
        {
            return StrictUtf8.GetString(Encoding.Latin1.GetBytes(text));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string Proof(
        ReadOnlySpan<byte> hash, string nonce, string clientNonce, string what, string? authorization)
    {
        var tail = authorization is null ? $":{nonce}:{clientNonce}" : $":{nonce}:{clientNonce}:{authorization}";
        var session = HexMd5([.. hash, .. Encoding.Latin1.GetBytes(tail)]);
        var subject = HexMd5(Encoding.Latin1.GetBytes(what));
        return HexMd5(Encoding.Latin1.GetBytes($"{session}:{nonce}:{FirstUse}:{clientNonce}:{Quality}:{subject}"));
    }

    // A text that Latin-1 has is hashed in Latin-1 even where UTF-8 was agreed on: so says the RFC.
    private static byte[] Encode(string text)
    {
        foreach (var character in text)
            if (character > 0xFF) return Encoding.UTF8.GetBytes(text);
        return Encoding.Latin1.GetBytes(text);
    }

    private static string HexMd5(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(Md5(bytes));

    // The mechanism is defined with MD5; who needs more has certificates.
#pragma warning disable CA5351
    private static byte[] Md5(ReadOnlySpan<byte> bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351
}
