namespace Akka.Zab.Benchmarks.Ensembles;

/// <summary>How many servers of which kind; the observers have the highest numbers.</summary>
internal sealed record Shape(int Voters = 3, int Observers = 0)
{
    public int Servers => Voters + Observers;

    public IEnumerable<int> Ids => Enumerable.Range(1, Servers);

    public bool Observes(int id) => id > Voters;
}
