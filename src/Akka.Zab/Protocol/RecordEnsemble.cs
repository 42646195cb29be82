using Akka.Zab.Client;

namespace Akka.Zab.Protocol;

/// <summary>
/// Write down in <c>/zookeeper/config</c> who the ensemble is, as the settings have it. The leader asks this itself.
/// </summary>
internal sealed record RecordEnsemble(IReadOnlyList<Member> Members) : WriteRequest;
