using System.Text;
using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Tree;

/// <summary>ZOOKEEPER-PROTOCOL.md, section 6: quotas below /zookeeper/quota.</summary>
public class QuotaTests
{
    private const string Limits = "/zookeeper/quota/p/zookeeper_limits";
    private const string Stats = "/zookeeper/quota/p/zookeeper_stats";

    private readonly Edits edits = new() { Rules = new TreeRules { EnforceQuota = true } };

    private void SetQuota(string limits)
    {
        if (!edits.Tree.TryGet("/zookeeper/quota/p", out _))
            edits.Create("/zookeeper/quota/p");
        if (edits.Tree.TryGet(Limits, out _))
        {
            edits.Ask(new SetData(Limits, Encoding.UTF8.GetBytes(limits)));
            return;
        }

        edits.Create(Limits, data: Encoding.UTF8.GetBytes(limits));
        edits.Create(Stats, data: "count=0,bytes=0"u8.ToArray());
    }

    private string Shown() => Encoding.UTF8.GetString(Assert.IsType<DataReply>(edits.Tree.Read(new GetData(Stats))).Data!);

    private ZabError Create(string path, int bytes = 0) =>
        edits.Create(path, data: new byte[bytes]) is ErrorReply error ? error.Error : ZabError.Ok;

    private ZabError Set(string path, int bytes, int version = -1) =>
        edits.Ask(new SetData(path, new byte[bytes], version)) is ErrorReply error ? error.Error : ZabError.Ok;

    [Theory]
    [InlineData("count=5,bytes=100", 5, 100, -1, -1)]
    [InlineData("count=-1,bytes=100=;byteHardLimit=7;countHardLimit=9", -1, 100, 9, 7)]
    [InlineData("bytes=3;count=2", 2, 3, -1, -1)]
    [InlineData("count=two,bytes", -1, -1, -1, -1)]
    [InlineData("", -1, -1, -1, -1)]
    [InlineData("\u00ff=;,=,countHardLimit=99999999999999999999,bytes=4=", -1, 4, -1, -1)]
    public void Limits_are_read_from_the_text_that_zookeepers_shell_writes(
        string text, long count, long bytes, long hardCount, long hardBytes) =>
        Assert.Equal(new QuotaLimits(count, bytes, hardCount, hardBytes), QuotaLimits.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void The_stats_show_what_there_is_and_follow_every_change_without_a_version()
    {
        Create("/p", 10);
        Create("/p/a", 5);
        Create("/other", 100);
        SetQuota("count=-1,bytes=-1");
        Assert.Equal("count=2,bytes=15", Shown());
        Create("/p/a/b", 7);
        Assert.Equal("count=3,bytes=22", Shown());
        Set("/p/a", 1);
        Set("/other", 1);
        Create("/p2", 50);
        Assert.Equal("count=3,bytes=18", Shown());
        edits.Ask(new Delete("/p/a/b"));
        Assert.Equal("count=2,bytes=11", Shown());
        var stat = Assert.IsType<StatReply>(edits.Tree.Read(new Exists(Stats))).Stat;
        Assert.Equal((0, stat.CreatedZxid, Shown().Length), (stat.Version, stat.ModifiedZxid, stat.DataLength));
        Assert.Equal(stat, Assert.IsType<AclReply>(edits.Tree.Read(new GetAcl(Stats))).Stat);
    }

    [Fact]
    public void Ephemerals_that_go_with_their_session_are_counted_off()
    {
        const long other = Edits.Session + 1;
        edits.Ask(new OpenSession(other, [1], 4000));
        Create("/p");
        SetQuota("count=9,bytes=-1");
        edits.Create("/p/e", CreateMode.Ephemeral, new byte[3], other);
        Assert.Equal("count=2,bytes=3", Shown());
        edits.Ask(new CloseSession(), other);
        Assert.Equal("count=1,bytes=0", Shown());
    }

    [Fact]
    public void A_hard_limit_of_znodes_refuses_the_one_too_many_and_a_multi_with_it()
    {
        Create("/p");
        SetQuota("count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=3");
        Assert.Equal(ZabError.Ok, Create("/p/a"));
        var multi = new Multi([new Create("/p/b", [], Acl.Open), new Create("/p/c", [], Acl.Open)]);
        Assert.Equal(ZabError.QuotaExceeded, Assert.IsType<MultiReply>(edits.Ask(multi)).Error);
        Assert.Equal("count=2,bytes=0", Shown());
        Assert.Equal(ZabError.Ok, Create("/p/b"));
        Assert.Equal(ZabError.QuotaExceeded, Create("/p/c"));
        edits.Ask(new Delete("/p/b"));
        Assert.Equal(ZabError.Ok, Create("/p/c"));
    }

    [Fact]
    public void A_hard_limit_of_bytes_refuses_creates_and_sets_before_their_version_is_looked_at()
    {
        Create("/p");
        SetQuota("count=-1,bytes=-1=;byteHardLimit=10;countHardLimit=-1");
        Assert.Equal(ZabError.Ok, Create("/p/a", 4));
        Assert.Equal(ZabError.QuotaExceeded, Create("/p/b", 7));
        Assert.Equal(ZabError.Ok, Create("/p/b", 6));
        Assert.Equal(ZabError.QuotaExceeded, Set("/p/a", 5, version: 77));
        Assert.Equal(ZabError.BadVersion, Set("/p/a", 3, version: 77));
        Assert.Equal(ZabError.Ok, Set("/p/a", 3));
        Assert.Equal(ZabError.QuotaExceeded, Set("/p", 2));
    }

    [Fact]
    public void What_changes_nothing_is_not_refused_by_a_limit_that_is_exceeded_already()
    {
        Create("/p", 8);
        Create("/p/a", 8);
        SetQuota("count=-1,bytes=-1=;byteHardLimit=10;countHardLimit=1");
        Assert.Equal(ZabError.Ok, Set("/p/a", 8));
        Assert.Equal(ZabError.QuotaExceeded, Set("/p/a", 7));
        Assert.Equal(ZabError.Ok, Set("/p/a", 2));
        Assert.Equal(ZabError.QuotaExceeded, Set("/p/a", 3));
        SetQuota("count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=1");
        Assert.Equal(ZabError.Ok, Set("/p/a", 8));
        Assert.Equal(ZabError.QuotaExceeded, Create("/p/b"));
        SetQuota("count=-1,bytes=-1=;byteHardLimit=10;countHardLimit=-1");
        Assert.Equal(ZabError.Ok, Create("/p/b"));
    }

    [Fact]
    public void Nothing_is_refused_unless_quotas_are_enforced()
    {
        var lenient = new Edits();
        lenient.Create("/p");
        lenient.Create("/zookeeper/quota/p");
        lenient.Create(Limits, data: "count=1,bytes=1=;byteHardLimit=1;countHardLimit=1"u8.ToArray());
        Assert.IsType<CreatedReply>(lenient.Create("/p/a", data: new byte[10]));
        Assert.Equal(["/p"], lenient.OverQuota);
    }

    [Fact]
    public void Exceeding_a_soft_limit_is_told_once_and_again_when_it_was_kept_meanwhile()
    {
        Create("/p");
        SetQuota("count=2,bytes=-1");
        Create("/p/a");
        Assert.Empty(edits.OverQuota);
        Create("/p/b");
        Create("/p/c");
        Assert.Equal(["/p"], edits.OverQuota);
        edits.Ask(new Delete("/p/b"));
        edits.Ask(new Delete("/p/c"));
        Create("/p/d");
        Assert.Equal(["/p", "/p"], edits.OverQuota);
    }

    [Fact]
    public void Limits_can_be_changed_and_taken_away()
    {
        Create("/p");
        SetQuota("count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=1");
        Assert.Equal(ZabError.QuotaExceeded, Create("/p/a"));
        SetQuota("count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=2");
        Assert.Equal(ZabError.Ok, Create("/p/a"));
        Assert.Equal(ZabError.QuotaExceeded, Create("/p/b"));
        edits.Ask(new Delete(Limits));
        Assert.Equal(ZabError.Ok, Create("/p/b"));
        Assert.Equal("count=0,bytes=0", Shown());
    }

    [Fact]
    public void A_quota_may_be_there_before_its_znode_and_the_root_has_none()
    {
        SetQuota("count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=1");
        edits.Create("/zookeeper/quota/zookeeper_limits", data: "count=0,bytes=0=;countHardLimit=0"u8.ToArray());
        Assert.Equal("count=0,bytes=0", Shown());
        Assert.Equal(ZabError.Ok, Create("/p"));
        Assert.Equal("count=1,bytes=0", Shown());
        Assert.Equal(ZabError.QuotaExceeded, Create("/p/a"));
        Assert.Equal(ZabError.Ok, Create("/q"));
    }

    [Fact]
    public void A_snapshot_has_the_quotas_and_their_counts()
    {
        Create("/p", 3);
        SetQuota("count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=2");
        Create("/p/a", 4);
        var reader = new SnapshotReader();
        foreach (var chunk in SnapshotCodec.Write(edits.Tree))
            reader.Add(chunk);
        var tree = reader.Finish();
        Assert.Equal(edits.Tree.Digest(), tree.Digest());
        Assert.Equal(
            "count=2,bytes=7"u8.ToArray(), Assert.IsType<DataReply>(tree.Read(new GetData(Stats))).Data);
        var header = new TxnHeader(edits.Zxid + 1, 1, Edits.Session, 1);
        var prepared = Preparation.Prepare(
            tree.Edit(), new Create("/p/b", [], Acl.Open), header, Identities.None, edits.Rules);
        Assert.Equal(new ErrorReply(ZabError.QuotaExceeded), prepared.Answer);
    }

    [Fact]
    public void Counted_along_and_counted_anew_are_the_same_after_any_changes()
    {
        var random = new Random(7);
        SetQuota("count=-1,bytes=-1=;countHardLimit=40;byteHardLimit=300");
        string[] paths = ["/p", "/p/a", "/p/a/b", "/p/b", "/q", "/p/a/c", "/pp"];
        for (var i = 0; i < 3000; i++)
        {
            var path = paths[random.Next(paths.Length)];
            switch (random.Next(3))
            {
                case 0:
                    Create(path, random.Next(100));
                    break;
                case 1:
                    Set(path, random.Next(200));
                    break;
                default:
                    edits.Ask(new Delete(path));
                    break;
            }

            var measured = edits.Tree.TryGet("/p", out var znode) ? QuotaRules.Measure(znode) : default;
            Assert.Equal(Encoding.UTF8.GetString(measured.ToData()), Shown());
            Assert.True(measured.Bytes <= 300);
        }
    }
}
