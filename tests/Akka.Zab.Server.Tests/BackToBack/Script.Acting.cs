namespace Akka.Zab.Server.Tests.BackToBack;

/// <summary>What the servers do by themselves, and what is done to them.</summary>
internal sealed partial class Script
{
    /// <summary>A session is left alone until its servers end it; it has ephemeral znodes, and watches on them.</summary>
    Expire Expiring(int session)
    {
        List<Operation> before = [], last = [];
        for (var i = _random.Next(3); i > 0; i--)
        {
            var path = Ordinary();
            var mode = OneOf<int>([1, 1, 3]);
            before.Add(new Operation(Op.Create2, body => body.Path(path).Data([]).Acl([_aclEntries[0]]).Int("mode", mode)));
            if (WatchKind(session, path) == 0) last.Add(ReadingOf(Op.GetData, path, true));
        }
        return new Expire(session, _expiries++ % 2 == 0, before, last);
    }

    /// <summary>A container or a znode with a time to live loses its only child, and is deleted by the servers.</summary>
    Reap Reaping(int session)
    {
        var (code, mode) = OneOf<(Op, int)>([(Op.CreateContainer, 4), (Op.CreateTtl, 5)]);
        var create = new Operation(code, body =>
        {
            body.Path(Reap.Path).Data([]).Acl([_aclEntries[0]]).Int("mode", mode);
            if (code == Op.CreateTtl) body.Long("ttl", 1);
        });
        var child = new Operation(Op.Create, body => body.Path(Reap.Child).Data([]).Acl([_aclEntries[0]]).Int("mode", 0));
        return new Reap(session, [Together(Op.Multi, [create, child])]);
    }

    /// <summary>Changes of the ensemble that are refused, each for another reason.</summary>
    static IEnumerable<Step> Reconfigurations()
    {
        yield return Reconfiguration(3, null, "3", null, -1);
        yield return Reconfiguration(0, null, "3", null, 7);
        yield return Reconfiguration(0, "nonsense", null, null, -1);
        yield return Reconfiguration(0, null, null, "nonsense", -1);
        var strangers = Enumerable.Range(7, 3).Select(id => $"server.{id}=127.0.0.1:{id}:{id + 10};127.0.0.1:{id + 20}");
        yield return Reconfiguration(0, string.Join(',', strangers), null, null, -1);

        static Burst Reconfiguration(int session, string? joining, string? leaving, string? members, long from) => new(
            session,
            [new Operation(Op.Reconfig, body => body.Word("joining", joining).Word("leaving", leaving)
                .Word("members", members).Long("from", from))]);
    }
}
