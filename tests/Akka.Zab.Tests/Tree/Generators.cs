using Akka.Zab.Client;
using Akka.Zab.Tree;
using FsCheck;
using FsCheck.Fluent;

namespace Akka.Zab.Tests.Tree;

/// <summary>Random requests over few paths, so that they meet each other, with illegal ones among them.</summary>
internal static class Generators
{
    public static readonly long[] SessionIds = [Edits.Session, Edits.Session + 1, -5];

    public static readonly Gen<byte[]?> Data = Gen.OneOf(
        Gen.Constant<byte[]?>(null), Gen.Constant<byte[]?>([]), Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf()!);

    private static readonly Gen<long> Session = Gen.Frequency(
        (8, Gen.Constant(SessionIds[0])), (4, Gen.Constant(SessionIds[1])), (1, Gen.Constant(SessionIds[2])));

    private static readonly Gen<string> Name = Gen.Elements("a", "b", "ab", "c-", "\u00e9", "\u4e2d", "\uff01");

    private static readonly Gen<string> LegalPath =
        Gen.Choose(1, 3).SelectMany(depth => Name.ListOf(depth)).Select(names => "/" + string.Join('/', names));

    private static readonly Gen<string> OddPath = Gen.Elements(
        "", "/", "a", "//", "/a/", "/a//b", "/.", "/a/..", "/...", "/a/\u0001", "/\u0000", "/a/b\u0000", "/\ud800",
        "/zookeeper", "/zookeeper/quota", "/zookeeper/config", "/zookeeper/config/x", "/zookeeper/x", "/a/0000000000",
        "/a/b/c-0000000001");

    public static readonly Gen<string> Path = Gen.Frequency((12, LegalPath), (1, OddPath));

    private static readonly Gen<int> Version = Gen.Frequency((3, Gen.Constant(-1)), (2, Gen.Choose(0, 3)));

    private static readonly Gen<CreateMode> Mode = Gen.Frequency(
        (8, Gen.Elements(CreateMode.Persistent)),
        (6, Gen.Elements(CreateMode.Ephemeral, CreateMode.PersistentSequential, CreateMode.EphemeralSequential)),
        (1, Gen.Elements(CreateMode.Container, CreateMode.PersistentWithTtl, (CreateMode)7, (CreateMode)(-1))));

    private static readonly Gen<IReadOnlyList<Acl>> Acls = Gen.Frequency(
        (24, Gen.Constant(Acl.Open)),
        (1, Gen.Constant<IReadOnlyList<Acl>>([new Acl(Permissions.All, "world", "anyone")])),
        (1, Gen.Elements<IReadOnlyList<Acl>>(
            [], [new Acl(Permissions.Read, "world", "anyone")], [new Acl(Permissions.All, "world", "someone")],
            [Acl.Open[0], new Acl(Permissions.All, "digest", "a:b")], [new Acl(Permissions.All, "digest", "a:b")],
            [new Acl((Permissions)0x1D, "world", "anyone"), new Acl(Permissions.Read, "ip", "10.0.0.0/8")])));

    private static readonly Gen<WriteRequest> Single = Gen.Frequency(
        (6, from path in Path
            from data in Data
            from acl in Acls
            from mode in Mode
            select (WriteRequest)new Create(path, data, acl, mode)),
        (3, from path in Path from version in Version select (WriteRequest)new Delete(path, version)),
        (4, from path in Path
            from data in Data
            from version in Version
            select (WriteRequest)new SetData(path, data, version)),
        (1, from path in Path from version in Version select (WriteRequest)new Client.Check(path, version)));

    public static readonly Gen<WriteRequest> Write = Gen.Frequency(
        (20, Single),
        (5, Gen.Choose(0, 5).SelectMany(n => Single.ListOf(n)).Select(ops => (WriteRequest)new Multi([.. ops]))),
        (2, from path in Path from acl in Acls from version in Version select (WriteRequest)new SetAcl(path, acl, version)),
        (1, Gen.Constant<WriteRequest>(new Multi([new Client.Check("/"), new CloseSession()]))),
        (2, from id in Gen.Elements(SessionIds)
            from secret in Gen.Choose(0, 1)
            select (WriteRequest)new OpenSession(id, [(byte)secret], 1000 + secret)));

    public static readonly Arbitrary<(WriteRequest Request, long Session)[]> Runs = Arb.From(
        Gen.Sized(size => Gen.Frequency(
            (30, from request in Write from session in Session select (request, session)),
            (1, Gen.Elements(SessionIds).Select(session => ((WriteRequest)new CloseSession(), session))))
            .ArrayOf(size * 2)),
        Shrunk);

    /// <summary>A property over every value that the generator makes, with the same values each time.</summary>
    public static void Holds<T>(Arbitrary<T> values, Action<T> property, int tests = 200) =>
        Prop.ForAll(values, property).Check(Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(20260101, 1));

    /// <summary>A run without one half, or without one of its requests.</summary>
    public static IEnumerable<T[]> Shrunk<T>(T[] run)
    {
        if (run.Length > 3)
        {
            yield return run[..(run.Length / 2)];
            yield return run[(run.Length / 2)..];
        }

        for (var i = 0; i < run.Length; i++)
            yield return [.. run[..i], .. run[(i + 1)..]];
    }
}
