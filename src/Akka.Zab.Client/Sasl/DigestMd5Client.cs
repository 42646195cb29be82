using System.Text;

namespace Akka.Zab.Client.Sasl;

/// <summary>The client's end of DIGEST-MD5, for one connection. It begins with an empty token.</summary>
/// <param name="credentials">Who logs in.</param>
/// <param name="fillRandom">Fills in bytes that cannot be foreseen.</param>
internal sealed class DigestMd5Client(SaslCredentials credentials, Action<byte[]> fillRandom)
{
    private string? _expected;

    /// <summary>Takes the server's next token.</summary>
    public SaslStep Take(ReadOnlySpan<byte> token)
    {
        if (DigestDirectives.Parse(token) is not { } said) return SaslStep.Fail("the server does not speak DIGEST-MD5");
        return _expected is { } expected ? Verify(said, expected) : Answer(said);
    }

    private SaslStep Answer(DigestDirectives challenge)
    {
        var twice = false;
        var nonce = challenge.Get("nonce", ref twice);
        var algorithm = challenge.Get("algorithm", ref twice);
        var qualities = challenge.Get("qop", ref twice);
        var utf8 = challenge.Get("charset", ref twice) is not null;
        if (twice || nonce is not { Length: > 0 } || algorithm != "md5-sess")
            return SaslStep.Fail("the server's challenge is no DIGEST-MD5");
        if (qualities is not null && !qualities.Split(',', StringSplitOptions.TrimEntries).Contains(DigestMd5.Quality))
            return SaslStep.Fail("the server wants more than the qop auth");
        var realms = challenge.All("realm").ToArray();
        if (realms.Length > 0 && !realms.Contains(DigestMd5.Realm))
            return SaslStep.Fail($"the server has not the realm {DigestMd5.Realm}");

        var random = new byte[DigestMd5.NonceBytes];
        fillRandom(random);
        var own = Convert.ToBase64String(random);
        var hash = DigestMd5.Hash(credentials.User, credentials.Password);
        var proof = DigestMd5.ClientProof(hash, nonce, own, DigestMd5.Uri);
        _expected = DigestMd5.ServerProof(hash, nonce, own, DigestMd5.Uri);
        var name = utf8 ? DigestMd5.ToWire(credentials.User) : credentials.User;
        return SaslStep.GoOn(Encoding.Latin1.GetBytes(
            $"{(utf8 ? "charset=utf-8," : "")}username={DigestDirectives.Quote(name)},realm=\"{DigestMd5.Realm}\"," +
            $"nonce={DigestDirectives.Quote(nonce)},nc={DigestMd5.FirstUse},cnonce=\"{own}\"," +
            $"digest-uri=\"{DigestMd5.Uri}\",response={proof},qop={DigestMd5.Quality}"));
    }

    private SaslStep Verify(DigestDirectives said, string expected)
    {
        var twice = false;
        var proof = said.Get("rspauth", ref twice);
        return !twice && proof is not null && DigestMd5.AreEqual(proof, expected)
            ? SaslStep.Done(null, credentials.User)
            : SaslStep.Fail("the server does not know the password itself");
    }
}
