using System.Text;
using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>
/// What a server's history says about the ensemble, and so who decides at the moment. A change of the ensemble counts
/// from when it is in the history: until it is known to be committed, a quorum of the configuration before it and a
/// quorum of its own are needed, both. The next change is proposed only when that is the case, so the one before the
/// last in a history is committed for certain.
/// </summary>
/// <remarks>
/// A leader that lacks a committed change needs the promises of a quorum of the old configuration. One of these servers
/// holds the change, since a quorum of the old one had to acknowledge it, and has the better history by that: so no
/// such leader is ever established.
/// </remarks>
internal sealed class Membership : IQuorum
{
    private readonly Ensemble configured;
    private readonly bool reconfigurable;
    private readonly Action<Ensemble> learned;
    private readonly List<Ensemble> known = [];

    /// <param name="configured">The ensemble as the settings have it.</param>
    /// <param name="reconfigurable">Whether what the history says counts; otherwise the settings do.</param>
    /// <param name="learned">Told of each configuration.</param>
    public Membership(Ensemble configured, bool reconfigurable = false, Action<Ensemble>? learned = null)
    {
        this.configured = configured;
        this.reconfigurable = reconfigurable;
        this.learned = learned ?? (static _ => { });
        Begin(configured);
    }

    /// <summary>What is known to be committed.</summary>
    public Ensemble Active => known[0];

    /// <summary>The last in the history.</summary>
    public Ensemble Latest => known[^1];

    /// <summary>Whether there is no change whose commit is yet to come.</summary>
    public bool IsSettled => known.Count == 1;

    public ServerSet Voters { get; private set; }

    public bool IsReachedBy(in ServerSet servers) => Latest.Quorum.IsReachedBy(servers)
        && (IsSettled || known[^2].Quorum.IsReachedBy(servers));

    public bool CanLead(int server) =>
        Latest.Quorum.CanLead(server) || (!IsSettled && known[^2].Quorum.CanLead(server));

    /// <summary>All history is in this tree.</summary>
    public void Reset(ZnodeTree tree)
    {
        if (reconfigurable)
            Begin(Recorded(tree) ?? configured);
    }

    /// <summary>The history has one more batch.</summary>
    public void Append(TxnBatch batch)
    {
        if (!reconfigurable || !TxnCodec.IsReconfig(batch))
            return;
        var config = Encoding.UTF8.GetString(((ReconfigTxn)TxnCodec.Decode(batch)[0].Body).Config);
        if (!EnsembleText.TryParse(config, out var ensemble))
            throw new InvariantViolatedException($"the configuration 0x{batch.LastZxid:x} makes no sense: {config}");
        known.Add(ensemble);
        Recount();
        learned(ensemble);
    }

    /// <summary>What comes after this is no part of history any more.</summary>
    public void TruncateTo(long zxid)
    {
        while (known.Count > 1 && Latest.Version > zxid)
            known.RemoveAt(known.Count - 1);
        Recount();
    }

    /// <summary>Everything up to here is known to be committed.</summary>
    public void Commit(long zxid)
    {
        if (IsSettled || known[1].Version > zxid)
            return;
        while (known.Count > 1 && known[1].Version <= zxid)
            known.RemoveAt(0);
        Recount();
    }

    /// <summary>
    /// Another server knows that this configuration is committed. If it is in this server's history, it is the same one
    /// there, and nothing before it counts any more. True if that is news.
    /// </summary>
    public bool Settle(long version)
    {
        if (IsSettled || !known.Exists(ensemble => ensemble.Version == version) || Active.Version >= version)
            return false;
        Commit(version);
        return true;
    }

    /// <summary>The configuration in a tree; null if none was recorded yet.</summary>
    public static Ensemble? Recorded(ZnodeTree tree)
    {
        if (!tree.TryGet(PathRules.Config, out var znode) || znode.Data is not { Length: > 0 } data)
            return null;
        return EnsembleText.TryParse(Encoding.UTF8.GetString(data), out var ensemble) ? ensemble : null;
    }

    private void Begin(Ensemble ensemble)
    {
        known.Clear();
        known.Add(ensemble);
        Recount();
        learned(ensemble);
    }

    private void Recount() => Voters = IsSettled
        ? Latest.Quorum.Voters
        : Latest.Quorum.Voters.Or(known[^2].Quorum.Voters);
}
