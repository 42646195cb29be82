using System.Text;

namespace Akka.Zab.Client.Sasl;

/// <summary>
/// The server's end of DIGEST-MD5, for one client: its first token, empty if all is well, is answered with a challenge,
/// and that is good for one answer. So an answer that was overheard is of no use to anybody.
/// </summary>
/// <param name="hashOf">See <see cref="DigestMd5.Hash"/>; null for whom nobody knows.</param>
/// <param name="fillRandom">Fills in bytes that cannot be foreseen.</param>
internal sealed class DigestMd5Server(Func<string, byte[]?> hashOf, Action<byte[]> fillRandom) : ISaslServer
{
    // Whom nobody knows costs as much time as who has the wrong password.
    private static readonly byte[] Nobody = new byte[16];

    private string? _nonce;
    private bool _over;

    /// <summary>Takes the client's next token.</summary>
    public SaslStep Take(ReadOnlySpan<byte> token)
    {
        if (_over) return SaslStep.Fail("it is over, and the client goes on");
        if (_nonce is { } nonce)
        {
            _over = true;
            return Judge(token, nonce);
        }
        var random = new byte[DigestMd5.NonceBytes];
        fillRandom(random);
        _nonce = Convert.ToBase64String(random);
        return SaslStep.GoOn(Encoding.Latin1.GetBytes(
            $"realm=\"{DigestMd5.Realm}\",nonce=\"{_nonce}\",qop=\"{DigestMd5.Quality}\",charset=utf-8,algorithm=md5-sess"));
    }

    public void Dispose()
    {
        // There is nothing to let go of.
    }

    private SaslStep Judge(ReadOnlySpan<byte> token, string nonce)
    {
        if (DigestDirectives.Parse(token) is not { } answer) return SaslStep.Fail("the client's answer is no DIGEST-MD5");
        var twice = false;
        var name = answer.Get("username", ref twice);
        var realm = answer.Get("realm", ref twice);
        var sentNonce = answer.Get("nonce", ref twice);
        var clientNonce = answer.Get("cnonce", ref twice);
        var uses = answer.Get("nc", ref twice);
        var uri = answer.Get("digest-uri", ref twice);
        var proof = answer.Get("response", ref twice);
        var quality = answer.Get("qop", ref twice);
        var charset = answer.Get("charset", ref twice);
        var authorization = answer.Get("authzid", ref twice);
        if (twice) return SaslStep.Fail("the client's answer says something twice");
        if (name is null || clientNonce is not { Length: > 0 } || uri is null || proof is not { Length: 32 })
            return SaslStep.Fail("the client's answer is not complete");
        if (sentNonce is null || !DigestMd5.AreEqual(sentNonce, nonce) || uses != DigestMd5.FirstUse)
            return SaslStep.Fail("the client's answer is none to this challenge");
        if (realm != DigestMd5.Realm || !uri.Equals(DigestMd5.Uri, StringComparison.OrdinalIgnoreCase))
            return SaslStep.Fail($"the client wants another realm or server than {DigestMd5.Uri}");
        if (quality is not (null or DigestMd5.Quality)) return SaslStep.Fail("the client wants a qop that there is not");
        if (charset is not null && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return SaslStep.Fail("the client uses a charset that there is not");
        if (DigestMd5.FromWire(name, charset is not null) is not { } user)
            return SaslStep.Fail("the user's name is not UTF-8");

        var hash = hashOf(user);
        var expected = DigestMd5.ClientProof(hash ?? Nobody, nonce, clientNonce, uri, authorization);
        var proved = DigestMd5.AreEqual(expected, proof);
        if (hash is null) return SaslStep.Fail("there is no such user");
        if (!proved) return SaslStep.Fail($"the password of {user} is another");
        if (authorization is { Length: > 0 } && authorization != name)
            return SaslStep.Fail($"{user} may not act for another");
        var answered = DigestMd5.ServerProof(hash, nonce, clientNonce, uri, authorization);
        return SaslStep.Done(Encoding.Latin1.GetBytes($"rspauth={answered}"), user);
    }
}
