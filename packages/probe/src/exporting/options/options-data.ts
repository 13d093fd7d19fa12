import type { Clock } from '../../host/host.js';
import type { OptionsRecord } from '../encoder.js';
import type { FieldSelection } from '../field-selection.js';
import type { FlowTemplates } from '../flow-templates.js';
import type { Statistics } from '../statistics.js';
import { FlowKeys } from './flow-keys.js';
import { InterfaceNames, type Interfaces } from './interfaces.js';
import { LossTimes } from './loss-times.js';
import {
  exportingReliability,
  meteringReliability,
  meteringStatistics,
  PRIVATE_STATISTICS,
} from './process-statistics.js';
import { OptionsScheduler, type OptionsSource } from './scheduler.js';
import { noPacketSampling, observationDomainName, typeInformation, Unchanging } from './unchanging.js';

const STATISTICS_MILLISECONDS = 5000;
/** As long as a Collecting Process that came late has to wait. */
const DESCRIPTION_MILLISECONDS = 60_000;

/** What the Options Data of one Observation Domain tell of. */
export interface OptionsSubjects {
  readonly domain: number;
  /** Of the network namespace, '' where it has no name. */
  readonly domainName: string;
  readonly fields: FieldSelection;
  readonly templates: FlowTemplates;
  readonly interfaces?: Interfaces;
  statistics(): Statistics;
  /** Packets that the kernel did not track, undefined where it does not say (ignoredPackets). */
  ignoredPackets(): number | undefined;
  /** What others have to tell: samplers, anonymisation. */
  readonly others?: readonly OptionsSource[];
}

/** The Options Data of one Observation Domain (RFC 7011 section 4), the most needed first. */
export function optionsData(clock: Clock, subjects: OptionsSubjects): OptionsScheduler {
  const { domain, domainName, fields, templates, interfaces, others = [] } = subjects;
  const names = [...fields.fields.map(field => field.name), ...PRIVATE_STATISTICS];
  const unchanging = [...typeInformation(names), noPacketSampling(domain)];
  if (domainName !== '') unchanging.push(observationDomainName(domain, domainName));
  return new OptionsScheduler(clock, [
    new Unchanging(unchanging, DESCRIPTION_MILLISECONDS),
    ...(interfaces === undefined ? [] : [new InterfaceNames(interfaces, DESCRIPTION_MILLISECONDS)]),
    new FlowKeys(templates, DESCRIPTION_MILLISECONDS),
    ...others,
    new ProcessStatistics(clock, subjects),
  ]);
}

class ProcessStatistics implements OptionsSource {
  readonly interval = STATISTICS_MILLISECONDS;
  readonly #notSent = new LossTimes();
  readonly #ignored = new LossTimes();

  constructor(
    private readonly clock: Clock,
    private readonly subjects: OptionsSubjects,
  ) {}

  generation(): number {
    return 0;
  }

  records(): OptionsRecord[] {
    const { domain } = this.subjects;
    const now = this.clock.wall();
    const statistics = this.subjects.statistics();
    const ignored = this.subjects.ignoredPackets();
    this.#notSent.update(statistics.notSentFlowTotalCount, now);
    if (ignored !== undefined) this.#ignored.update(ignored, now);
    return [
      meteringStatistics(domain, statistics),
      meteringReliability(domain, statistics, ignored === undefined ? undefined : this.#ignored),
      exportingReliability(domain, this.#notSent),
    ];
  }
}
