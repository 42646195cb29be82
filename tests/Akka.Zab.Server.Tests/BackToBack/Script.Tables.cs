using System.Text;

namespace Akka.Zab.Server.Tests.BackToBack;

/// <summary>What a script chooses from.</summary>
internal sealed partial class Script
{
    static readonly string[] _names = ["a", "b", "c", "d", "é x"];

    static readonly string?[] _oddPaths =
    [
        "!", "!a", "!/", "!//", "/a/", "//a", "/a//b", "/./a", "/a/..", "/a/.", "/...", "/.a", "/\u0001", "/a\0b", "!\0",
        "/\u007f", "/\uf900", "/\ue000", "/\ufff0", "!/zookeeper", "!/zookeeper/config", "!/zookeeper/quota",
        "!/zookeeper/none", "!nowhere/a", null, ".", "!/none/none/none",
        "%/q", "%/q/zookeeper_limits", "%/q/zookeeper_stats", "%/q/zookeeper_stats",
    ];

    static readonly string[] _limits =
    [
        "count=-1,bytes=-1=;byteHardLimit=100;countHardLimit=6", "count=5,bytes=100",
        "count=3,bytes=3=;byteHardLimit=-1;countHardLimit=4", "count=-1,bytes=-1=;byteHardLimit=300;countHardLimit=-1",
    ];

    static readonly (int, string?, string?)[] _aclEntries =
    [
        (31, "world", "anyone"), (1, "world", "anyone"), (0, "world", "anyone"), (6, "world", "anyone"),
        (15, "world", "anyone"), (31, "auth", ""), (5, "auth", "whatever"), (31, "digest", Digest("bob:pw")),
        (3, "digest", Digest("alice:pw2")), (31, "digest", Digest("nobody:x")), (31, "ip", "127.0.0.1"),
        (1, "ip", "127.0.0.0/8"), (31, "ip", "10.0.0.0/8"), (7, "ip", "127.0.0.1/32"), (16, "world", "anyone"),
    ];

    static readonly (int, string?, string?)[] _badAclEntries =
    [
        (31, "world", "me"), (31, "foo", "bar"), (31, "digest", "nocolon"), (31, "digest", "a:b:c"),
        (31, "ip", "nowhere"), (31, "ip", "1.2.3"), (31, "ip", "1.2.3.4/33"), (31, "ip", "1.2.3.4/-1"),
        (31, "ip", "1.2.3.256"), (31, "sasl", "a@b@c"), (31, "super", "x"),
        (31, "digest", ""), (31, "ip", ""), (31, "", ""),
    ];

    static readonly (int, string?, string?)[] _certificateEntries =
    [
        (31, "x509", PairCertificates.Carol), (1, "x509", PairCertificates.Dave), (31, "x509", "CN=nobody,O=Example"),
        (31, "x509", "nobody at all"),
    ];

    static string Digest(string proof)
        => $"{proof[..proof.IndexOf(':')]}:{Convert.ToBase64String(Hash(Encoding.UTF8.GetBytes(proof)))}";

#pragma warning disable CA5350 // The scheme is SHA-1.
    static byte[] Hash(byte[] bytes) => System.Security.Cryptography.SHA1.HashData(bytes);
#pragma warning restore CA5350
}
