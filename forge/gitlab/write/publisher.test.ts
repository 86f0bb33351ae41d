import { describePublisherContract } from '../../testing/publisher-contract.ts';
import { openGitlabPlace } from './testing/gitlab-place.ts';

describePublisherContract('GitLab', openGitlabPlace);
